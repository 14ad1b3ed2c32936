using BatchScorer.Gate;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Registry.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BatchScorer.Cli.Hosting;

/// <summary>The registered models of a database, and the store and the cache of their files, as the settings say.</summary>
internal static class RegistryServices
{
    /// <summary>The files, for which no database is needed.</summary>
    public static IServiceCollection AddModelFiles(this IServiceCollection services, string contentFolder) =>
        services.AddSingleton(provider => OpenFiles(provider, contentFolder));

    public static IServiceCollection AddModelRegistry(this IServiceCollection services, Database database) => services
        .AddSingleton(_ => new ModelCatalog(database.Writers))
        .AddSingleton<ModelRegistry>()
        .AddSingleton<ModelRegistration>()
        .AddSingleton<ModelPromotions>()
        .AddSingleton<PromotionGate>();

    private static StoredModels OpenFiles(IServiceProvider provider, string contentFolder)
    {
        var settings = provider.GetRequiredService<IOptions<BatchScorerSettings>>().Value;
        var logger = provider.GetRequiredService<ILogger<StoredModels>>();
        var store = new StoreSettings(settings.ModelStore, NotEmpty(settings.ModelStoreEndpoint), NotEmpty(settings.ModelStoreTokenFile))
            .Open(contentFolder, new StoreLimits(), provider.GetRequiredService<TimeProvider>(), logger);
        var cache = NotEmpty(settings.ModelCache) is { } folder ? Path.GetFullPath(folder, contentFolder) : CacheOfUser();
        return new StoredModels(store, cache, logger);
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    /// <summary><c>$XDG_CACHE_HOME/batchscorer/models</c>, by default in <c>~/.cache</c>; on Windows and macOS the system's own folder for this.</summary>
    private static string CacheOfUser()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var root = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache) ? cache
            : home.Length > 0 ? Path.Combine(home, ".cache")
            : Path.GetTempPath();
        return Path.Combine(root, "batchscorer", "models");
    }
}
