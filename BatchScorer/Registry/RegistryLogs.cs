using Microsoft.Extensions.Logging;

namespace BatchScorer.Registry;

/// <summary>What is said about registered models and their files. Event ids 600 to 699 are this folder's; docs/operating.md lists them.</summary>
internal static partial class RegistryLogs
{
    [LoggerMessage(EventId = 600, Level = LogLevel.Warning, Message = "The model store is asked again in {Seconds:0.0} s: {Cause}")]
    public static partial void StoreAskedAgain(ILogger logger, double seconds, string cause);

    [LoggerMessage(EventId = 601, Level = LogLevel.Warning, Message = "{File} in the cache of models is damaged, and is fetched again")]
    public static partial void CacheDamaged(ILogger logger, string file);

    [LoggerMessage(EventId = 602, Level = LogLevel.Warning, Message = "Model files are fetched each time: {Folder} cannot be used as their cache: {Cause}")]
    public static partial void CacheUnusable(ILogger logger, string folder, string cause);
}
