using BatchScorer.Batches;
using BatchScorer.Errors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BatchScorer.Models.MLNet;

/// <summary>
/// Trains boosted trees with ML.NET's own settings for them. Numbers that are missing are replaced by the mean, beside a feature that says so;
/// texts become one feature for each of their values.
/// </summary>
internal static class FastTreeTraining
{
    /// <summary>Of a text with more values, the most frequent ones.</summary>
    private const int MostValues = 1000;

    // One that no column of a source is called by chance.
    private const string Features = "FastTree features";

    /// <inheritdoc cref="MLNetTraining.TrainFastTreeAsync"/>
    public static async Task TrainAsync(
        string data, IReadOnlyList<TrainingColumn> inputs, TrainingColumn label, TrainingTarget target, string model, CancellationToken cancellationToken)
    {
        // The same data give the same model.
        var context = new MLContext(seed: 1);
        try
        {
            // ML.NET does not let anybody stop a trainer. When nobody waits for it any more it is left to itself, and what it makes is nobody's.
            await Task.Run(() => Train(context, data, inputs, label, target, model), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            throw new BatchScorerException(ExitCode.Failed, $"FastTree cannot train on the data set: {cause.GetBaseException().Message.Split('\n')[0].Trim().TrimEnd('.')}.", cause);
        }
    }

    private static void Train(MLContext context, string data, IReadOnlyList<TrainingColumn> inputs, TrainingColumn label, TrainingTarget target, string model)
    {
        var rows = context.Data.LoadFromTextFile(data, new TextLoader.Options
        {
            Columns = [.. inputs.Append(label).Select(column => new TextLoader.Column(column.Name, KindOf(column.Kind), column.Index))],
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            ReadMultilines = true,
            MissingRealsAsNaNs = true,
        });
        // What only training needs is no part of the model.
        var labelled = target is TrainingTarget.Multiclass ? context.Transforms.Conversion.MapValueToKey(label.Name).Fit(rows).Transform(rows) : rows;
        var steps = new List<IEstimator<ITransformer>>();
        var features = inputs.SelectMany(input => AddFeatures(context, input, steps)).ToArray();
        steps.Add(context.Transforms.Concatenate(Features, features));
        steps.AddRange(TrainerOf(context, label.Name, target));
        var pipeline = steps.Skip(1).Aggregate(new EstimatorChain<ITransformer>().Append(steps[0]), (chain, step) => chain.Append(step));
        context.Model.Save(pipeline.Fit(labelled), rows.Schema, model);
    }

    /// <returns>The columns that the input becomes.</returns>
    private static IEnumerable<string> AddFeatures(MLContext context, TrainingColumn input, List<IEstimator<ITransformer>> steps)
    {
        var (number, isMissing, filled, values) = ($"{input.Name} as number", $"{input.Name} is missing", $"{input.Name} filled", $"{input.Name} by value");
        switch (input.Kind)
        {
            case ValueKind.Text:
                steps.Add(context.Transforms.Categorical.OneHotEncoding(values, input.Name, maximumNumberOfKeys: MostValues));
                return [values];
            case ValueKind.Single or ValueKind.Double:
                steps.Add(context.Transforms.Conversion.ConvertType(number, input.Name, DataKind.Single));
                steps.Add(context.Transforms.IndicateMissingValues(isMissing, number));
                steps.Add(context.Transforms.Conversion.ConvertType($"{isMissing} as number", isMissing, DataKind.Single));
                steps.Add(context.Transforms.ReplaceMissingValues(filled, number, Microsoft.ML.Transforms.MissingValueReplacingEstimator.ReplacementMode.Mean));
                return [filled, $"{isMissing} as number"];
            default:
                steps.Add(context.Transforms.Conversion.ConvertType(number, input.Name, DataKind.Single));
                return [number];
        }
    }

    private static IEnumerable<IEstimator<ITransformer>> TrainerOf(MLContext context, string label, TrainingTarget target) => target switch
    {
        TrainingTarget.Binary => [context.BinaryClassification.Trainers.FastTree(label, Features)],
        TrainingTarget.Regression => [context.Regression.Trainers.FastTree(label, Features)],
        _ =>
        [
            context.MulticlassClassification.Trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree(label, Features), label),
            context.Transforms.Conversion.MapKeyToValue("PredictedLabel"),
        ],
    };

    private static DataKind KindOf(ValueKind kind) => kind switch
    {
        ValueKind.Text => DataKind.String,
        _ => Enum.Parse<DataKind>(kind.ToString()),
    };
}
