using BatchScorer.Batches;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Scores a few rows with a model written by hand.</summary>
internal static class StepTrial
{
    private const int MostRows = 8;

    public static Batch Score(TestModel model, Action<Batch> fill, List<RowFault>? faults = null, params string[] outputs)
    {
        using var compiled = CompiledModel.Load(model.ToFile(), outputs.Length == 0 ? null : outputs);
        Batch inputs = compiled.Schema.CreateInputs(MostRows), answers = compiled.Schema.CreateOutputs(MostRows);
        fill(inputs);
        compiled.Score(inputs, answers, faults ?? []);
        return answers;
    }

    /// <summary>Scores texts, the model's only input.</summary>
    public static Batch Score(TestModel model, params string[] texts) => Score(model, batch =>
    {
        foreach (var text in texts)
            ((TextColumn)batch.Columns[0]).Append(text);
        batch.RowCount = texts.Length / batch.Columns[0].Type.Width;
    });

    public static float[] Floats(Batch batch, string name) => Values<float>(batch, name);

    public static uint[] Keys(Batch batch, string name) => Values<uint>(batch, name);

    private static T[] Values<T>(Batch batch, string name)
        where T : unmanaged => ((Column<T>)batch[name]).Values[..(batch.RowCount * batch[name].Type.Width)];
}
