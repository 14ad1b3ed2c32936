using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>A column that is read from the batch.</summary>
internal sealed class InputColumn(string name, ColumnType type, ulong keyCount) : Kernel(name, type)
{
    public override ulong KeyCount => keyCount;

    public override Column? CreateColumn(int rows) => null;

    public override void Run(Block block)
    {
    }
}
