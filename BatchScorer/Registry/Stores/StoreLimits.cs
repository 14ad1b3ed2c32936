namespace BatchScorer.Registry.Stores;

/// <summary>How long a store on the network is waited for.</summary>
internal sealed record StoreLimits
{
    /// <summary>How long nothing may come: until the answer begins, and between two pieces of it. Default: 30 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How slow an upload may be, in bytes a second, besides one <see cref="Silence"/>. Default: 256 kB/s.</summary>
    public int UploadSpeed { get; init; } = 256 << 10;

    /// <summary>How often it is tried again. Default: 4 times.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>How long until it is tried again for the first time, doubled each time and varied. Default: 0.5 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an upload of so many bytes may take.</summary>
    public TimeSpan UploadTime(int length) => Silence + TimeSpan.FromSeconds((double)length / UploadSpeed);
}
