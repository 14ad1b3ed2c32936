using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>A column whose rows have as many fixed-size values as they please.</summary>
internal abstract class RaggedKernel<T>(string name, ValueKind kind, params Kernel[] sources) : Kernel(name, new ColumnType(kind), sources)
    where T : unmanaged
{
    public sealed override bool IsRagged => true;

    public sealed override object CreateScratch(int rows) => new Ragged<T>(rows);
}

/// <summary>A column whose rows have as many texts as they please.</summary>
internal abstract class TokensKernel(string name, params Kernel[] sources) : Kernel(name, new ColumnType(ValueKind.Text), sources)
{
    public sealed override bool IsRagged => true;

    public sealed override object CreateScratch(int rows) => new Tokens(rows);
}
