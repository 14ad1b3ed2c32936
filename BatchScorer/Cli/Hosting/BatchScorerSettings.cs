using System.ComponentModel.DataAnnotations;
using BatchScorer.Reports.Serving;
using Microsoft.Extensions.Options;

namespace BatchScorer.Cli.Hosting;

/// <summary>The section <c>BatchScorer</c> of the settings; described in docs/configuration.md.</summary>
internal sealed class BatchScorerSettings
{
    public const string Section = "BatchScorer";

    /// <summary>Where the job files are; relative to the folder of the settings. Default: <c>jobs</c>.</summary>
    [Required(ErrorMessage = "expected the folder of the job files, got nothing")]
    public string JobsFolder { get; set; } = "jobs";

    /// <summary>Where the query files of jobs are; relative to the folder of the settings. Default: <c>sql/sources</c>.</summary>
    [Required(ErrorMessage = "expected the folder of the query files, got nothing")]
    public string SourcesFolder { get; set; } = "sql/sources";

    /// <summary>Where the files of registered models live: a folder, relative to the folder of the settings, an HTTP address or <c>s3://bucket/prefix</c>. Default: <c>models</c>.</summary>
    [Required(ErrorMessage = "expected a folder, an HTTP address or s3://bucket/prefix, got nothing")]
    public string ModelStore { get; set; } = "models";

    /// <summary>The address of the S3 service, where it is not Amazon's. Default: none.</summary>
    public string? ModelStoreEndpoint { get; set; }

    /// <summary>A file that holds the bearer token for an HTTP model store and nothing else. Default: none.</summary>
    public string? ModelStoreTokenFile { get; set; }

    /// <summary>The folder in which fetched model files are kept; null for one in the user's cache folder. Default: none.</summary>
    public string? ModelCache { get; set; }

    /// <summary>A file that holds the database's password and nothing else; wins over one in the connection string. Default: none.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Whether schedules are kept in the database, for the nodes of a cluster to share; otherwise in memory, for a single node. Default: true.</summary>
    public bool Cluster { get; set; } = true;

    /// <summary>How many partitions of runs that others have planned a node works on at once; 0 for one a core. Default: 0.</summary>
    [Range(0, 256)]
    public int NodePartitions { get; set; }

    /// <summary>How many partitions all nodes together work on at once, besides the one of each run's planner; 0 for no limit. Default: 0.</summary>
    [Range(0, 10_000)]
    public int ClusterPartitions { get; set; }

    /// <summary>How long a firing may work before it is interrupted; its run stays open for the next one. Default: none.</summary>
    public TimeSpan? FiringTime { get; set; }

    /// <summary>Where <c>serve</c> answers whether it is well, over HTTP, or <c>off</c>. Default: <c>http://127.0.0.1:8088</c>.</summary>
    public string HealthAddress { get; set; } = "http://127.0.0.1:8088";

    /// <summary>Who may read the pages about runs that <c>serve</c> shows there: <c>local</c>, <c>everybody</c> or <c>nobody</c>. Default: <c>local</c>.</summary>
    public PageReaders RunPages { get; set; } = PageReaders.Local;
}

[OptionsValidator]
internal sealed partial class BatchScorerSettingsValidator : IValidateOptions<BatchScorerSettings>;
