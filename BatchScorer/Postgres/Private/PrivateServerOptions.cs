namespace BatchScorer.Postgres.Private;

/// <summary>How a private server is set up.</summary>
internal sealed record PrivateServerOptions
{
    /// <summary>The folder that holds the server whole; made, and removed in the end. Default: a new one under the temp folder.</summary>
    public string? Folder { get; init; }

    /// <summary>The programs to use. Default: those that <see cref="ServerPrograms.FindAsync"/> finds.</summary>
    public ServerPrograms? Programs { get; init; }

    /// <summary>
    /// Whether commits survive a crash of the machine. Default: false, which is faster, and right for data that can be made again.
    /// </summary>
    public bool Durable { get; init; }

    /// <summary>Further server settings by name, which win over the server's own defaults and ours. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
