using BatchScorer.Errors;
using BatchScorer.Models;

namespace BatchScorer.Registry;

/// <summary>Says which version of a model is in use, and goes back.</summary>
internal sealed class ModelPromotions(ModelCatalog catalog)
{
    /// <summary>The promotion that holds at this moment; null while there is none.</summary>
    public async Task<Promotion?> LastAsync(string name, CancellationToken cancellationToken) =>
        await catalog.PromotionsAsync(name, cancellationToken) is [.., var last] ? last : null;

    /// <summary>The promotion that holds, and the version that was in use before it and is to be again.</summary>
    /// <exception cref="BatchScorerException">There is none to go back to.</exception>
    public async Task<(Promotion Last, ModelReference Previous)> FindPreviousAsync(string name, CancellationToken cancellationToken)
    {
        var promotions = await catalog.PromotionsAsync(name, cancellationToken);
        return Previous(promotions) is { } version
            ? (promotions[^1], new ModelReference(name, version))
            : throw new BatchScorerException(ExitCode.BadConfiguration, promotions.Count == 0
                ? $"No version of model \"{name}\" is promoted, so there is none to go back from: see `batchscorer models list {name}`."
                : $"Model \"{name}\" has no version to go back to from {promotions[^1].Version}: promote one by its name, see `batchscorer models list {name}`.");
    }

    /// <summary>Puts a version in use instead of the one that was when this was decided.</summary>
    /// <param name="model">The version.</param>
    /// <param name="last">The promotion that held then; null for none.</param>
    /// <param name="reason"><see cref="Promotion.Promote"/> or <see cref="Promotion.Rollback"/>.</param>
    /// <exception cref="BatchScorerException">Another promotion holds by now.</exception>
    public async Task PromoteAsync(ModelReference model, Promotion? last, string reason, CancellationToken cancellationToken)
    {
        if (await catalog.TryPromoteAsync(model, last?.PromotionId, reason, cancellationToken))
            return;
        var now = await LastAsync(model.Name, cancellationToken);
        throw new BatchScorerException(ExitCode.Failed,
            $"{model} is not promoted, since meanwhile {now?.PromotedBy} has put {now?.Version} in use instead of {now?.InsteadOf ?? "none"}: see `batchscorer models list {model.Name}`, and try again if it still should be.");
    }

    /// <summary>
    /// The version before the one in use, as an editor's undo has it: a rollback takes back the last promotion that has not been taken
    /// back yet. Null where all have been but the first.
    /// </summary>
    public static string? Previous(IEnumerable<Promotion> promotions)
    {
        var standing = new Stack<string>();
        foreach (var promotion in promotions)
        {
            if (promotion.Reason == Promotion.Rollback)
                standing.Pop();
            else
                standing.Push(promotion.Version);
        }

        return standing.Skip(1).FirstOrDefault();
    }
}
