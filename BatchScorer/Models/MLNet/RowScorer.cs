using BatchScorer.Batches;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Microsoft.ML;

namespace BatchScorer.Models.MLNet;

/// <summary>Scores batches row by row, through the classes made for one model. Thread-safe.</summary>
internal abstract class RowScorer : IDisposable
{
    /// <summary>Makes a scorer, and a first engine, so that a model that cannot score is found out at once.</summary>
    public static RowScorer Create(MLContext context, ITransformer transformer, RowTypes types) =>
        (RowScorer)Activator.CreateInstance(typeof(RowScorer<,>).MakeGenericType(types.Row, types.Answer), context, transformer, types)!;

    /// <inheritdoc cref="IModel.Score"/>
    public abstract void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed class RowScorer<TRow, TAnswer> : RowScorer
    where TRow : class, new()
    where TAnswer : class, new()
{
    private readonly ServiceProvider services;
    private readonly PredictionEnginePool<TRow, TAnswer> pool;
    private readonly Action<Column[], int, TRow> fill;
    private readonly Action<TAnswer, Column[], int> read;

    public RowScorer(MLContext context, ITransformer transformer, RowTypes types)
    {
        var collection = new ServiceCollection();
        collection.Configure<MLOptions>(options => options.MLContext = context);
        collection.Configure<PredictionEnginePoolOptions<TRow, TAnswer>>(options => options.ModelLoader = new LoadedModel(transformer));
        collection.AddPredictionEnginePool<TRow, TAnswer>();
        services = collection.BuildServiceProvider();
        pool = services.GetRequiredService<PredictionEnginePool<TRow, TAnswer>>();
        pool.ReturnPredictionEngine(pool.GetPredictionEngine());
        fill = RowFiller.Compile<TRow>(types.RowFields);
        read = AnswerReader.Compile<TAnswer>(types.AnswerColumns);
    }

    /// <remarks>
    /// Takes an engine of the pool for the whole batch: an engine is for one thread at a time, and the pool keeps twice as many
    /// as there are processors.
    /// </remarks>
    public override void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults)
    {
        Column[] from = [.. inputs.Columns];
        Column[] to = [.. outputs.Columns];
        outputs.Truncate(0);
        var engine = pool.GetPredictionEngine();
        try
        {
            var row = new TRow();
            var answer = new TAnswer();
            for (var i = 0; i < inputs.RowCount; i++)
            {
                fill(from, i, row);
                if (Predict(engine, row, ref answer) is { } reason)
                {
                    faults.Add(new RowFault(i, Column: null, reason));
                    LeaveEmpty(to, i);
                }
                else
                    read(answer, to, i);
            }
        }
        finally
        {
            pool.ReturnPredictionEngine(engine);
        }

        outputs.RowCount = inputs.RowCount;
    }

    public override void Dispose() => services.Dispose();

    /// <summary>Scores a row, or tells why ML.NET could not: to it, a value that it cannot convert is an exception.</summary>
    private static string? Predict(PredictionEngine<TRow, TAnswer> engine, TRow row, ref TAnswer answer)
    {
        try
        {
            engine.Predict(row, ref answer);
            return null;
        }
        catch (Exception cause) when (cause is InvalidOperationException or FormatException or OverflowException)
        {
            return $"ML.NET cannot score the row: {cause.GetBaseException().Message}";
        }
    }

    /// <summary>Text is appended, so a row without an answer needs its empty texts; what other columns hold is left as it is.</summary>
    private static void LeaveEmpty(Column[] columns, int row)
    {
        foreach (var text in columns.OfType<TextColumn>())
        {
            while (text.Count < (row + 1) * text.Type.Width)
                text.Append(ReadOnlySpan<byte>.Empty);
        }
    }
}
