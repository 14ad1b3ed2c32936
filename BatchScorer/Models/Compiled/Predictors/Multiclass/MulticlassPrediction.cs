using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>Multiclass classification (<c>MulticlassPredXfer</c>): a score for each class, and the class with the largest.</summary>
internal static class MulticlassPrediction
{
    private const uint NamesOutputs = 0x00010002;
    private const string Score = "Score";

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var features = graph.Column(step, block.Name());
        var trainingLabel = block.StringOrNull();
        var (scoreName, labelName) = step.Version >= NamesOutputs ? (block.Name(), block.Name()) : (Score, "PredictedLabel");
        block.End();
        if (scoreName != Score)
            throw step.Fault($"it takes its label from \"{scoreName}\", which it does not make");

        var scores = PredictorTable.PredictClasses(step.Below("Model"), features);
        var classes = trainingLabel is not null && KeyAnnotation.Read(step, trainingLabel) is { } values && values.Length == scores.Type.Width
            ? new KeyValues(values)
            : null;
        graph.BeginAnswers();
        graph.Define(labelName, new ClassOfScores(labelName, scores, isLargest: true, classes));
        graph.Define(Score, scores);
    }
}
