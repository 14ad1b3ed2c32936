using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>The texts of each row of a block, from a column of texts or from <see cref="Tokens"/>.</summary>
internal readonly ref struct TextRows
{
    private readonly Tokens? tokens;
    private readonly TextColumn? column;
    private readonly int start;
    private readonly int width;

    public TextRows(Tokens tokens) => this.tokens = tokens;

    public TextRows(TextColumn column, int start, int width) => (this.column, this.start, this.width) = (column, start, width);

    /// <summary>A text by its index.</summary>
    public ReadOnlySpan<byte> this[int index] => column is null ? tokens![index] : column[index];

    /// <summary>The indices of a row's texts.</summary>
    public (int Start, int End) Row(int row) => column is null ? tokens!.Row(row) : (start + row * width, start + (row + 1) * width);
}
