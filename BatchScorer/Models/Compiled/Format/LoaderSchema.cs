using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>The columns of the data loader that a model was saved with (<c>CompositeLoader</c>) instead of a schema.</summary>
internal static class LoaderSchema
{
    private const string Composite = "CompositeLoader";
    private const string Text = "TextLoader";

    private const uint CompositeVersion = 0x00010001;
    private const uint OldestText = 0x00010009;
    private const uint NewestText = 0x0001000E;
    private const uint VectorsOfOne = 0x0001000A;
    private const uint WithoutLeastKeys = 0x0001000C;
    private const uint EscapeAndDecimal = 0x0001000D;

    /// <summary>The kinds of component read here.</summary>
    public static IEnumerable<string> Signatures => [Composite, Text];

    /// <summary>Reads the columns; null where the model has no data loader.</summary>
    /// <exception cref="UnsupportedStepException">The data loader is of a kind not known here.</exception>
    public static IReadOnlyList<SchemaColumn>? Read(ModelFile file)
    {
        if (ModelKey.Find(file, "") is not { Signature: Composite } root)
            return null;
        root.Expect(CompositeVersion);
        var loader = root.FindBelow("Reader") ?? root.Below("Loader"); // the former in files from before ML.NET 1.0
        if (loader.Signature != Text || loader.Version < OldestText)
            throw loader.Unsupported("is the data loader whose columns the model reads, expected a TextLoader");
        loader.Expect(NewestText);

        var block = loader.Open();
        block.FloatSize();
        block.Int64(); // most rows
        block.Int32(); // flags
        block.Int32(); // columns of the file
        block.Array<ushort>(); // separators, in UTF-16
        for (var i = 0; loader.Version >= EscapeAndDecimal && i < 2; i++)
            SkipCharacter(block);
        var columns = new SchemaColumn[block.Count(3 * sizeof(int))];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new SchemaColumn(block.Name(), ReadType(loader, block));
        block.End();
        return columns;
    }

    private static Codec ReadType(ModelKey loader, BlockReader block)
    {
        var code = block.Byte();
        var kind = DataKind.Of(code);
        var keyCount = block.Boolean() ? ReadKeyCount(loader, block) : 0;
        var (length, isVector) = (0L, false);
        for (var parts = block.Count(2 * sizeof(int)); parts > 0; parts--)
        {
            const int untilTheEndOfTheLine = int.MaxValue;
            var (start, end) = (block.Int32(), block.Int32());
            if (start < 0 || end <= start)
                throw loader.Fault($"a column is read from field {start} to {end}");
            isVector |= loader.Version >= VectorsOfOne && block.Boolean();
            length = end == untilTheEndOfTheLine ? long.MinValue : length + end - start;
        }

        var name = keyCount > 0 ? "Key" : kind?.ToString() ?? $"number {code}";
        if (length is < 0 or > Codec.MaximumVectorLength || kind is null)
            return new Codec(length < 0 ? $"vector of {name} without a length" : name, null);
        return new Codec(name, new ColumnType(keyCount > 0 ? ValueKind.Key : kind.Value, isVector || length > 1 ? (int)length : 0), keyCount);
    }

    private static ulong ReadKeyCount(ModelKey loader, BlockReader block)
    {
        if (loader.Version >= WithoutLeastKeys)
            return block.UInt64();
        var isContiguous = block.Boolean();
        if (block.UInt64() != 0 || !isContiguous)
            throw loader.Unsupported("has keys that do not begin at 0, which ML.NET no longer reads");
        return block.Int32() is > 0 and var count ? (ulong)count : uint.MaxValue; // 0 said that it was not known
    }

    /// <summary>Skips a character in UTF-8.</summary>
    private static void SkipCharacter(BlockReader block) => block.Take(block.Byte() switch
    {
        < 0xC0 => 0,
        < 0xE0 => 1,
        _ => 2,
    });
}
