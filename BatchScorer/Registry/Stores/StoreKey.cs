namespace BatchScorer.Registry.Stores;

/// <summary>The name under which stores and the cache keep a file: <c>ab/abcdef….zip</c>, so that no folder grows without bound.</summary>
internal static class StoreKey
{
    /// <param name="sha256">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
    public static string Of(string sha256) => $"{sha256[..2]}/{sha256}.zip";
}
