using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Postgres.Migrations;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BatchScorer.Health;

/// <summary>Whether the database can be reached, has this program's schema, and takes writes.</summary>
internal sealed class DatabaseHealth(Database database) : IHealthCheck
{
    // Whoever asks wants to hear that a server does not answer, not to wait for it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private const string IsReadOnly = "SELECT current_setting('transaction_read_only')::boolean";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await CheckAsync(database, limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (BatchScorerException fault)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, fault.Message, fault);
        }
        catch (Exception fault) when (ConnectionLoss.Is(fault) || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The database is out of reach, or does not answer.", fault);
        }
    }

    /// <summary>Checks it once.</summary>
    /// <exception cref="BatchScorerException">It can be reached, and will not do.</exception>
    public static async Task CheckAsync(Database database, CancellationToken cancellationToken)
    {
        await new Migrator().CheckAsync(database.Writers, cancellationToken);
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsReadOnly, cancellationToken: cancellationToken)))
        {
            throw new BatchScorerException(ExitCode.Unavailable,
                $"The server at {connection.Host}:{connection.Port} takes no writes: it is a standby, or default_transaction_read_only is set. Connect to the primary.");
        }
    }
}
