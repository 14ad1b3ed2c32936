using BatchScorer.Batches;
using BatchScorer.Exchange;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Sources;
using CsvHelper;

namespace BatchScorer.Training.Data;

/// <summary>Writes examples as CSV: key, the model's inputs as it scored them, what the job carries, the label, its time, and where the prediction is from.</summary>
internal sealed class DataSetWriter
{
    private const int BatchRows = 1024;

    // Behind what the job carries.
    private static readonly (string Name, ColumnRole Role, string Type)[] Own =
    [
        ("label", ColumnRole.Label, "text"), ("label_time", ColumnRole.LabelTime, "timestamptz"),
        ("published_at", ColumnRole.PublishedAt, "timestamptz"), ("run_id", ColumnRole.Run, "bigint"),
    ];

    private readonly SourceLayout layout;
    private readonly SourceBatch batch;
    private readonly OutputField[] inputs;
    private readonly List<RejectedRow> rejected = [];

    /// <param name="layout">The examples.</param>
    /// <param name="carried">The source's columns that the job carries.</param>
    /// <param name="labelType">The type of the label in SQL.</param>
    public DataSetWriter(SourceLayout layout, IReadOnlyList<SourceColumn> carried, string labelType)
    {
        this.layout = layout;
        batch = new SourceBatch(layout, BatchRows);
        inputs = [.. batch.Inputs.Columns.Select(OutputField.For)];
        Columns = NameColumns(carried, labelType);
    }

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<DataSetColumn> Columns { get; }

    /// <summary>How many rows did not fit the model's inputs.</summary>
    public long Rejected { get; private set; }

    /// <summary>Writes all rows, batch by batch.</summary>
    /// <returns>How many.</returns>
    public async Task<long> WriteAsync(ChunkReader reader, CsvWriter writer, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var decoded = new DecodedRows(batch, FieldDecoder.Bind(layout, batch), rejected);
        writer.WriteHeader([.. Columns.Select(column => column.Name)]);
        long rows = 0;
        for (var more = true; more;)
        {
            rejected.Clear();
            more = await reader.ReadAsync(decoded, beside: null, cancellationToken);
            Rejected += rejected.Count;
            rows += batch.RowCount;
            for (var row = 0; row < batch.RowCount; row++)
                Write(row, writer);
            await writer.FlushAsync(cancellationToken);
            progress.Report(new TransferProgress(rows, null));
        }

        return rows;
    }

    private void Write(int row, CsvWriter writer)
    {
        for (var i = 0; i < layout.Key.Count; i++)
            writer.WriteField(KeyText.Read(layout.Key[i].Family, batch.PassThrough[i][row]));
        foreach (var input in inputs)
            input.Write(row, writer);
        for (var i = layout.Key.Count; i < batch.PassThrough.Length; i++)
            writer.WriteField(batch.PassThrough[i][row]);
        writer.EndRecord();
    }

    /// <summary>Inputs have the model's names, so that what is trained reads them by these; a name that is taken gets a <c>_</c> behind it.</summary>
    private List<DataSetColumn> NameColumns(IReadOnlyList<SourceColumn> carried, string labelType)
    {
        var taken = layout.Inputs.Select(mapping => mapping.Input.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. layout.Key.Select(column => new DataSetColumn(Free(column.Name), ColumnRole.Key, column.SqlType)),
            .. layout.Inputs.Select(mapping => new DataSetColumn(mapping.Input.Name, ColumnRole.Input, mapping.Input.Type.ToString())),
            .. carried.Select(column => new DataSetColumn(Free(column.Name), ColumnRole.Carried, column.SqlType)),
            .. Own.Select(own => new DataSetColumn(Free(own.Name), own.Role, own.Role is ColumnRole.Label ? labelType : own.Type)),
        ];

        string Free(string name)
        {
            while (!taken.Add(name))
                name += "_";
            return name;
        }
    }
}
