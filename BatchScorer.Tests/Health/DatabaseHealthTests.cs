using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Health;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BatchScorer.Tests.Health;

internal sealed class DatabaseHealthTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_database_that_is_migrated_is_healthy()
    {
        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        var answer = await CommandAsync(Database);
        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.Done, "The database can be reached, its schema is up to date, and it takes writes.\n")));
    }

    [Test]
    public async Task A_database_that_lacks_migrations_is_not()
    {
        await using var empty = await Server.CreateEmptyDatabaseAsync();

        var answer = await CommandAsync(empty);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.Contain("run `batchscorer db migrate`"));
    }

    [Test]
    public async Task A_database_that_takes_no_writes_is_not()
    {
        await Database.ExecuteAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$");
        Database.DataSource.Clear();

        var result = await CheckAsync();
        var answer = await CommandAsync(Database);

        Assert.That(result.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(result.Description, Does.Contain("takes no writes"));
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Unavailable));
    }

    [Test]
    public async Task A_database_that_is_gone_is_not()
    {
        await using var other = await Server.CreateEmptyDatabaseAsync();
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(other.ConnectionString, default);
        await Database.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{new Npgsql.NpgsqlConnectionStringBuilder(other.ConnectionString).Database}'");

        Assert.That((await CheckAsync(database)).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public async Task The_answer_can_be_had_as_JSON()
    {
        var answer = await CommandAsync(Database, "--json");

        Assert.That(Invocation.ShapeOf(answer.Json), Is.EqualTo("{of: string, status: string}"));
        Assert.That(answer.Json.GetProperty("status").GetString(), Is.EqualTo("Healthy"));
    }

    private async Task<HealthCheckResult> CheckAsync()
    {
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        return await CheckAsync(database);
    }

    private static Task<HealthCheckResult> CheckAsync(BatchScorer.Postgres.Database database)
    {
        var check = new DatabaseHealth(database);
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("database", check, HealthStatus.Unhealthy, tags: null) };
        return check.CheckHealthAsync(context);
    }

    private static Task<Invocation> CommandAsync(TestDatabase database, params string[] options) => Invocation.RunAsync(
        new Dictionary<string, string> { [ProgramEnvironment.VariableOf(ConnectionSetting.Path)] = database.ConnectionString }, ["health", .. options]);
}
