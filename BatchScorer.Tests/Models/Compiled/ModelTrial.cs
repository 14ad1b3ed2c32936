using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Tries whether a model file that may hold anything is scored, or refused in one line for the user: nothing else may escape.</summary>
internal static class ModelTrial
{
    private const int Rows = 3;

    public static void LoadAndScore(byte[] zip)
    {
        try
        {
            using var model = CompiledModel.Load(ModelFile.FromBytes("changed.zip", zip));
            Batch inputs = model.Schema.CreateInputs(Rows), outputs = model.Schema.CreateOutputs(Rows);
            foreach (var texts in inputs.Columns.OfType<TextColumn>())
            {
                for (var i = 0; i < Rows * texts.Type.Width; i++)
                    texts.Append("7");
            }

            inputs.RowCount = Rows;
            model.Score(inputs, outputs, []);
        }
        catch (BatchScorerException refused)
        {
            Assert.That(refused.Message, Does.Not.Contain('\n'));
            Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        }
    }
}
