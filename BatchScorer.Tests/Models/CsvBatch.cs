using System.Globalization;
using System.Numerics;
using BatchScorer.Batches;
using CsvHelper;

namespace BatchScorer.Tests.Models;

/// <summary>Reads CSV files, written as the golden corpus writes values, into batches.</summary>
internal static class CsvBatch
{
    private static readonly CsvReaderOptions Strict = CsvReaderOptions.Default with
    {
        Separator = ',',
        DetectSeparatorHint = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        MissingField = CsvMissingFieldHandling.Throw,
        SkipEmptyLines = false,
    };

    /// <summary>Fills a batch by the names of its columns; a vector <c>V</c> is in fields <c>V.0</c>, <c>V.1</c> and so on.</summary>
    /// <param name="batch">An empty batch with room for the file's rows.</param>
    /// <param name="path">The file.</param>
    /// <param name="field">The field a column is in, where that is not its name.</param>
    public static void Fill(Batch batch, string path, Func<string, string>? field = null)
    {
        using var csv = CsvReader.FromFile(path, Strict);
        csv.ReadHeader();
        var fields = batch.Columns.Select(column => Fields(csv, column, field?.Invoke(column.Name) ?? column.Name)).ToArray();
        var row = 0;
        for (; csv.Read(); row++)
        {
            for (var i = 0; i < fields.Length; i++)
            {
                for (var slot = 0; slot < fields[i].Length; slot++)
                    Set(batch.Columns[i], row * fields[i].Length + slot, csv.GetString(fields[i][slot]));
            }
        }

        batch.RowCount = row;
    }

    private static int[] Fields(CsvReader csv, Column column, string name) => column.Type.IsVector
        ? [.. Enumerable.Range(0, column.Type.Width).Select(slot => csv.GetFieldIndex($"{name}.{slot}"))]
        : [csv.GetFieldIndex(name)];

    private static void Set(Column column, int index, string text)
    {
        switch (column)
        {
            case TextColumn texts: texts.Append(text); break;
            case Column<bool> flags: flags.Values[index] = bool.Parse(text); break;
            case Column<float> numbers: numbers.Values[index] = text.Length == 0 ? float.NaN : Parse<float>(text); break;
            case Column<double> numbers: numbers.Values[index] = text.Length == 0 ? double.NaN : Parse<double>(text); break;
            case Column<uint> numbers: numbers.Values[index] = text.Length == 0 && column.Type.Kind == ValueKind.Key ? 0 : Parse<uint>(text); break;
            case Column<sbyte> numbers: numbers.Values[index] = Parse<sbyte>(text); break;
            case Column<byte> numbers: numbers.Values[index] = Parse<byte>(text); break;
            case Column<short> numbers: numbers.Values[index] = Parse<short>(text); break;
            case Column<ushort> numbers: numbers.Values[index] = Parse<ushort>(text); break;
            case Column<int> numbers: numbers.Values[index] = Parse<int>(text); break;
            case Column<long> numbers: numbers.Values[index] = Parse<long>(text); break;
            case Column<ulong> numbers: numbers.Values[index] = Parse<ulong>(text); break;
            default: throw new ArgumentException($"No reader for a {column.GetType().Name}.", nameof(column));
        }
    }

    private static T Parse<T>(string text)
        where T : INumberBase<T> => T.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
