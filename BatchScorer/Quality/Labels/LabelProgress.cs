using Dapper;
using Npgsql;

namespace BatchScorer.Quality.Labels;

/// <summary>How far a job's labels have been taken up.</summary>
internal sealed record LabelProgress
{
    private const string Select =
        "SELECT newest_label, publications_to, definition, measured_by FROM scoring.labels_taken_up WHERE job = @job";

    private const string Write =
        """
        INSERT INTO scoring.labels_taken_up (job, newest_label, publications_to, definition, measured_by, taken_up_at)
        VALUES (@job, @NewestLabel, @PublicationsTo, @Definition, @MeasuredBy, clock_timestamp())
        ON CONFLICT (job) DO UPDATE
        SET newest_label = excluded.newest_label, publications_to = excluded.publications_to, definition = excluded.definition,
            measured_by = excluded.measured_by, taken_up_at = excluded.taken_up_at
        """;

    /// <summary>The greatest time of a label; null before the first.</summary>
    public DateTime? NewestLabel { get; init; }

    /// <summary>The last instant at which a run of the job was published or withdrawn that is accounted for.</summary>
    public DateTime? PublicationsTo { get; init; }

    /// <summary>What the job's file said of its labels.</summary>
    public required string Definition { get; init; }

    /// <summary>The threshold and windows of what is in <c>scoring.quality</c>.</summary>
    public required string MeasuredBy { get; init; }

    public static Task<LabelProgress?> ReadAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<LabelProgress>(new CommandDefinition(Select, new { job }, cancellationToken: cancellationToken));

    public Task WriteAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Write, new { job, NewestLabel, PublicationsTo, Definition, MeasuredBy }, cancellationToken: cancellationToken));
}
