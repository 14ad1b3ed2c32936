using System.Runtime.Intrinsics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Factorization;

/// <summary>
/// The linear part plus, for each two features, the product of their values and of each one's vector for the other's field:
/// Algorithm 1 of <c>github.com/wschin/fast-ffm</c>, in float and in eight lanes as ML.NET adds them.
/// </summary>
/// <remarks>ML.NET leaves out what is beyond the last whole eight of a vector; so is it here.</remarks>
/// <param name="fields">Vectors of Single; features are numbered through them.</param>
/// <param name="isNormalized">Whether a row is first divided by its length.</param>
/// <param name="weights">The linear weight of each feature.</param>
/// <param name="factors">For each feature its vector for each field.</param>
/// <param name="rank">Length of each vector.</param>
internal sealed class FieldInteractions(Kernel[] fields, bool isNormalized, float[] weights, float[] factors, int rank)
    : Kernel("Score", new ColumnType(ValueKind.Single), fields)
{
    private const int Lanes = 8;

    private readonly int used = rank / Lanes;

    public override bool NeedsStoredSlots => true;

    public override object CreateScratch(int rows) => new Room(
        new int[weights.Length], new int[weights.Length], new float[weights.Length], new Vector256<float>[Sources.Length * Sources.Length * used]);

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var room = block.Scratch<Room>(this);
        for (var row = 0; row < target.Length; row++)
        {
            var count = Load(block, row, room);
            target[row] = Score(room, count);
        }
    }

    /// <summary>Gathers what is stored of a row: fields, features, values.</summary>
    private int Load(Block block, int row, Room room)
    {
        var (count, first, squares) = (0, 0, 0f);
        for (var f = 0; f < Sources.Length; f++)
        {
            var width = Sources[f].Type.Width;
            var values = block.Read<float>(Sources[f]).Slice(row * width, width);
            var stored = block.Stored(Sources[f]);
            var length = stored?.Count(row) ?? width;
            for (var i = 0; i < length; i++, count++)
            {
                var slot = stored is null ? i : stored.Row(row)[i];
                (room.Fields[count], room.Features[count], room.Values[count]) = (f, first + slot, values[slot]);
                squares += values[slot] * values[slot];
            }

            first += width;
        }

        var norm = (float)Math.Sqrt(squares);
        for (var i = 0; isNormalized && i < count; i++)
            room.Values[i] /= norm;
        return count;
    }

    private float Score(Room room, int count)
    {
        var fieldCount = Sources.Length;
        var sums = room.Sums.AsSpan();
        sums.Clear();
        var (linear, same, other) = (0f, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i < count; i++)
        {
            var (field, feature, value) = (room.Fields[i], room.Features[i], Vector256.Create(room.Values[i]));
            linear += weights[feature] * room.Values[i];
            for (var k = 0; k < used; k++)
            {
                var own = Factor(feature, field, k);
                same = Vector256.FusedMultiplyAdd(-(own * own), value * value, same);
            }

            for (var f = 0; f < fieldCount; f++)
            {
                for (var k = 0; k < used; k++)
                {
                    ref var sum = ref sums[(field * fieldCount + f) * used + k];
                    sum = Vector256.FusedMultiplyAdd(Factor(feature, f, k), value, sum);
                }
            }
        }

        for (var f = 0; f < fieldCount; f++)
        {
            for (var k = 0; k < used; k++)
            {
                var own = sums[(f * fieldCount + f) * used + k];
                same = Vector256.FusedMultiplyAdd(own, own, same);
            }

            for (var g = f + 1; g < fieldCount; g++)
            {
                for (var k = 0; k < used; k++)
                    other = Vector256.FusedMultiplyAdd(sums[(f * fieldCount + g) * used + k], sums[(g * fieldCount + f) * used + k], other);
            }
        }

        other = Vector256.FusedMultiplyAdd(Vector256.Create(0.5f), same, other);
        var halves = other.GetLower() + other.GetUpper();
        return linear + (halves[0] + halves[1] + (halves[2] + halves[3]));
    }

    private Vector256<float> Factor(int feature, int field, int k) =>
        Vector256.Create(factors.AsSpan((feature * Sources.Length + field) * rank + k * Lanes, Lanes));

    private sealed record Room(int[] Fields, int[] Features, float[] Values, Vector256<float>[] Sums);
}
