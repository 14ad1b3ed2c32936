using System.Data;
using System.Text;
using Dapper;
using Npgsql;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>What people write: Dapper makes an object of each row, each is scored by itself, and the answers are written in batches.</summary>
/// <param name="arena">Where.</param>
/// <param name="scorer">What scores a row; disposed of with this.</param>
/// <param name="job">A job of which only the tables are used.</param>
/// <param name="copies">Whether answers are written by COPY; otherwise by INSERT, a thousand rows a statement.</param>
internal sealed class HandWrittenContender(Arena arena, RowScorer scorer, JobContender job, bool copies) : IContender, IDisposable
{
    private const int InsertRows = 1000;
    private const int InsertColumns = 8;

    private string Target => $"{job.Predictions.Table} (id, source_cursor, predicted_label, score, probability, run_id, chunk_no, planned_on)";

    public Task PrepareAsync(CancellationToken cancellationToken) => job.PrepareForTodayAsync(cancellationToken);

    public Task<long> RunAsync(CancellationToken cancellationToken) => arena.ShareAsync(async chunks =>
    {
        var score = scorer.Create();
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        var rows = 0L;
        foreach (var (start, end) in chunks)
        {
            var read = await connection.QueryAsync<SyntheticRow>(new CommandDefinition(
                "SELECT *, updated_at AS UpdatedAt FROM synthetic WHERE id >= @start AND id < @end ORDER BY id", new { start, end }, cancellationToken: cancellationToken));
            var answers = read.Select(row => (row, score(row))).ToList();
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (copies)
                await CopyAsync(connection, answers, cancellationToken);
            else
                await InsertAsync(connection, answers, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            rows += answers.Count;
        }

        return rows;
    });

    public Task CleanAsync(CancellationToken cancellationToken) => job.CleanAsync(cancellationToken);

    public void Dispose() => scorer.Dispose();

    private async Task InsertAsync(NpgsqlConnection connection, List<(SyntheticRow Row, SyntheticAnswer Answer)> answers, CancellationToken cancellationToken)
    {
        foreach (var batch in answers.Chunk(InsertRows))
        {
            var statement = new StringBuilder($"INSERT INTO {Target} VALUES ");
            await using var command = new NpgsqlCommand { Connection = connection };
            foreach (var (row, answer) in batch)
            {
                var first = command.Parameters.Count + 1;
                statement.Append(first == 1 ? "(" : ", (").AppendJoin(", ", Enumerable.Range(first, InsertColumns).Select(number => $"${number}")).Append(')');
                foreach (var value in Values(row, answer))
                    command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            command.CommandText = statement.ToString();
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task CopyAsync(NpgsqlConnection connection, List<(SyntheticRow Row, SyntheticAnswer Answer)> answers, CancellationToken cancellationToken)
    {
        await using var import = await connection.BeginBinaryImportAsync($"COPY {Target} FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var (row, answer) in answers)
        {
            await import.StartRowAsync(cancellationToken);
            foreach (var value in Values(row, answer))
                await import.WriteAsync(value, cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static object[] Values(SyntheticRow row, SyntheticAnswer answer) =>
        [row.Id, row.UpdatedAt, answer.PredictedLabel, answer.Score, answer.Probability, 1L, 0, DateOnly.FromDateTime(DateTime.UtcNow)];
}
