using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.ML;

namespace BatchScorer.Models.MLNet;

/// <summary>Gives a pool the one model it ever has: a run keeps its model, so nothing is watched and nothing reloaded.</summary>
internal sealed class LoadedModel(ITransformer transformer) : Microsoft.Extensions.ML.ModelLoader
{
    public override ITransformer GetModel() => transformer;

    public override IChangeToken GetReloadToken() => NullChangeToken.Singleton;
}
