using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models;

internal sealed class CheckedModelTests
{
    private static readonly ModelSchema Schema = new(
        [new ModelColumn("X", new ColumnType(ValueKind.Single))],
        [new ModelColumn("PredictedLabel", new ColumnType(ValueKind.Boolean)), new ModelColumn("Score", new ColumnType(ValueKind.Single))]);

    [Test]
    public void Only_the_first_batch_is_scored_by_both_engines()
    {
        var (first, second) = (new Fake("Compiled", x => 2 * x), new Fake("MLNet", x => 2 * x));
        using var model = new CheckedModel(first, second, tolerance: 0);

        Score(model, 1, 2, float.NaN);
        var scores = Score(model, 5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(scores, Is.EqualTo(new[] { 10f }));
            Assert.That(first.Batches, Is.EqualTo(2));
            Assert.That(second.Batches, Is.EqualTo(1));
            Assert.That(second.IsDisposed, "the second engine is let go once both have agreed");
        }
    }

    [Test]
    public void An_empty_batch_does_not_count_as_agreement()
    {
        var second = new Fake("MLNet", x => x + 1);
        using var model = new CheckedModel(new Fake("Compiled", x => x), second, tolerance: 0);

        Score(model);

        Assert.That(() => Score(model, 1), Throws.TypeOf<BatchScorerException>());
    }

    [Test]
    public void A_difference_stops_every_batch_and_says_where_it_is()
    {
        using var model = new CheckedModel(new Fake("Compiled", x => x), new Fake("MLNet", x => x == 3 ? 4 : x), tolerance: 0);

        Score(model);
        var fault = Assert.Throws<BatchScorerException>(() => Score(model, 1, 3))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.Failed));
            Assert.That(fault.Message, Does.Contain("Score of row 1 of the first batch is 3 by Compiled and 4 by MLNet; nothing was written"));
            Assert.That(() => Score(model, 3), Throws.TypeOf<BatchScorerException>());
        }
    }

    [TestCase(0, false)]
    [TestCase(1e-6, true)]
    public void The_last_bit_of_a_float_sum_may_differ_where_that_is_allowed(double tolerance, bool isAllowed)
    {
        using var model = new CheckedModel(new Fake("Compiled", x => x), new Fake("MLNet", MathF.BitIncrement), tolerance);

        Assert.That(() => Score(model, 100, 250), isAllowed ? Throws.Nothing : Throws.TypeOf<BatchScorerException>());
    }

    [Test]
    public void Near_zero_the_tolerance_is_that_of_the_other_scores()
    {
        using var model = new CheckedModel(new Fake("Compiled", x => x), new Fake("MLNet", x => x == 1e-7f ? -1e-7f : x), tolerance: 1e-6);

        Assert.That(() => Score(model, 1e-7f, 3, 5), Throws.Nothing, "the label changes its side with a score that is zero but for rounding");
    }

    [Test]
    public void A_row_that_only_one_engine_rejects_is_a_difference()
    {
        using var model = new CheckedModel(new Fake("Compiled", x => x) { RejectedRow = 1 }, new Fake("MLNet", x => x), tolerance: 0);

        Assert.That(() => Score(model, 1, 2), Throws.TypeOf<BatchScorerException>().With.Message.Contains("rejects 1 rows of the first batch and MLNet 0"));
    }

    [Test]
    public void The_answers_of_a_row_that_both_reject_are_not_compared()
    {
        using var model = new CheckedModel(
            new Fake("Compiled", x => x) { RejectedRow = 1 }, new Fake("MLNet", x => x == 2 ? 9 : x) { RejectedRow = 1 }, tolerance: 0);

        Assert.That(Score(model, 1, 2), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void Batches_scored_side_by_side_wait_for_the_agreement()
    {
        var second = new Fake("MLNet", x => x + 1);
        using var model = new CheckedModel(new Fake("Compiled", x => x), second, tolerance: 0);

        var refused = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Count(i =>
        {
            try
            {
                Score(model, i);
                return false;
            }
            catch (BatchScorerException)
            {
                return true;
            }
        });

        Assert.That(refused, Is.EqualTo(8));
    }

    private static float[] Score(IModel model, params float[] values)
    {
        var inputs = model.Schema.CreateInputs(Math.Max(1, values.Length));
        values.CopyTo(((Column<float>)inputs["X"]).Values, 0);
        inputs.RowCount = values.Length;
        var outputs = model.Schema.CreateOutputs(inputs.Capacity);
        model.Score(inputs, outputs, []);
        return ((Column<float>)outputs["Score"]).Values[..outputs.RowCount];
    }

    private sealed class Fake(string engine, Func<float, float> score) : IModel
    {
        private int batches;

        public string Engine => engine;

        public ModelSchema Schema => CheckedModelTests.Schema;

        public int Batches => batches;

        public bool IsDisposed { get; private set; }

        public int? RejectedRow { get; init; }

        public void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults)
        {
            Interlocked.Increment(ref batches);
            outputs.RowCount = inputs.RowCount;
            for (var row = 0; row < inputs.RowCount; row++)
            {
                var value = score(((Column<float>)inputs["X"]).Values[row]);
                ((Column<float>)outputs["Score"]).Values[row] = value;
                ((Column<bool>)outputs["PredictedLabel"]).Values[row] = value > 0;
            }

            if (RejectedRow is { } rejected)
                faults.Add(new RowFault(rejected, "X", "no reason"));
        }

        public void Dispose() => IsDisposed = true;
    }
}
