using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace BatchScorer.Registry.Stores;

/// <summary>A store on the network, which is asked again when what kept it from answering can pass.</summary>
internal sealed class PatientStore : IModelFileStore
{
    private readonly IModelFileStore store;
    private readonly ResiliencePipeline pipeline;

    public PatientStore(IModelFileStore store, StoreLimits limits, TimeProvider time, ILogger logger)
    {
        this.store = store;
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StoreFault>(fault => fault.CanPass),
            MaxRetryAttempts = limits.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = limits.FirstDelay,
            OnRetry = retry =>
            {
                RegistryLogs.StoreAskedAgain(logger, retry.RetryDelay.TotalSeconds, retry.Outcome.Exception!.Message);
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    public string PlaceOf(string sha256) => store.PlaceOf(sha256);

    public async Task<byte[]?> FindAsync(string sha256, CancellationToken cancellationToken) =>
        await pipeline.ExecuteAsync(async token => await store.FindAsync(sha256, token), cancellationToken);

    public async Task AddAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await pipeline.ExecuteAsync(async token => await store.AddAsync(sha256, bytes, token), cancellationToken);

    public void Dispose() => store.Dispose();
}
