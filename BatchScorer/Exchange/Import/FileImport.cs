using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Exchange.Import;

/// <summary>Which file is to go into which table.</summary>
/// <param name="File">The CSV file.</param>
/// <param name="Table">The table.</param>
/// <param name="NewKey">The primary key, perhaps of no columns, of a table that is to be made; null where it is there.</param>
internal sealed record ImportRequest(string File, QualifiedName Table, IReadOnlyList<string>? NewKey);

/// <summary>What was imported.</summary>
/// <param name="Table">The table.</param>
/// <param name="Created">The statement that made it; null where it was there.</param>
/// <param name="Rows">How many rows.</param>
internal sealed record Imported(string Table, string? Created, long Rows);

/// <summary>Imports a file in one transaction: the table that is made for it, and its rows.</summary>
internal static class FileImport
{
    /// <exception cref="BatchScorerException">The file or the table will not do, and nothing has changed.</exception>
    public static async Task<Imported> ImportAsync(Database database, ImportRequest request, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var table = request.Table;
        // Before there is a transaction: it may take a while.
        var created = request.NewKey is null ? null : await InferAsync(request, request.NewKey, progress, cancellationToken);
        using var input = await CsvInput.OpenAsync(request.File, () => Stream.Null, cancellationToken);
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReadOnlyTransaction.SetConventionsAsync(connection, cancellationToken);
        if (created is not null)
            await MakeAsync(connection, table, created, cancellationToken);
        var columns = await TargetTable.FindAsync(connection, table, cancellationToken) ?? throw await TargetTable.MissingAsync(connection, table, cancellationToken);
        var bound = HeaderBinding.Bind(input, $"{table.Schema}.{table.Name}", columns);
        var rows = await TableImport.CopyAsync(connection, input, table, bound, progress, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Imported($"{table.Schema}.{table.Name}", created, rows);
    }

    private static async Task<string> InferAsync(
        ImportRequest request, IReadOnlyList<string> key, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        using var input = await CsvInput.OpenAsync(request.File, () => Stream.Null, cancellationToken);
        return await InferredTable.InferAsync(input, request.Table, key, progress, cancellationToken);
    }

    private static async Task MakeAsync(NpgsqlConnection connection, QualifiedName table, string statement, CancellationToken cancellationToken)
    {
        if (await TargetTable.FindAsync(connection, table, cancellationToken) is not null)
        {
            throw new BatchScorerException(ExitCode.Usage,
                $"--create: the table {table.Schema}.{table.Name} is there already; leave --create out to add rows to it, or name another.");
        }

        await connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancellationToken));
    }
}
