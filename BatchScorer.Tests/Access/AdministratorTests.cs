using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Access;

/// <summary>A database whose owner may make no roles: an administrator does, as <c>db migrate</c> tells.</summary>
internal sealed class AdministratorTests(ServerKind kind) : CommandTests(kind)
{
    [Test]
    public async Task What_the_owner_may_not_do_is_told_as_statements_for_an_administrator_and_the_next_migration_gives_the_rights()
    {
        await using var empty = await Server.CreateEmptyDatabaseAsync();
        var prefix = empty.Name;
        var jobs = Directory.CreateTempSubdirectory("batchscorer-test-");
        await empty.ExecuteAsync(
            $"""
            CREATE ROLE {prefix}_login LOGIN PASSWORD 'of a test';
            ALTER DATABASE {prefix} OWNER TO {prefix}_login;
            ALTER DATABASE {prefix} SET batchscorer.role_prefix = '{prefix}';
            """);
        var settings = new Dictionary<string, string>
        {
            ["BATCHSCORER_ConnectionStrings__BatchScorer"] =
                new NpgsqlConnectionStringBuilder(empty.ConnectionString) { Username = $"{prefix}_login", Password = "of a test" }.ConnectionString,
        };
        try
        {
            var first = await Invocation.RunAsync(settings, "db", "migrate", "--jobs", jobs.FullName);

            Assert.That(first.ExitCode, Is.EqualTo(ExitCode.Done), first.Progress);
            var statements = first.Progress.Split('\n').Where(line => line.StartsWith("An administrator has to run `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToList();
            Assert.That(statements, Is.EqualTo(new[]
            {
                $"CREATE ROLE {prefix}_analyst NOLOGIN;",
                $"CREATE ROLE {prefix}_owner NOLOGIN;",
                $"CREATE ROLE {prefix}_runner NOLOGIN;",
                $"GRANT pg_read_all_stats TO {prefix}_runner;",
                $"GRANT {prefix}_owner TO {prefix}_login;",
            }));
            Assert.That(await OwnersAsync(empty), Is.EqualTo(new[] { $"{prefix}_login" }));

            await empty.ExecuteAsync(string.Join('\n', statements));
            var second = await Invocation.RunAsync(settings, "db", "migrate", "--jobs", jobs.FullName);

            Assert.That((second.ExitCode, second.Progress), Is.EqualTo((ExitCode.Done, "")));
            Assert.That(await OwnersAsync(empty), Is.EqualTo(new[] { $"{prefix}_owner" }));
            Assert.That(await empty.ScalarAsync<bool>(
                $"SELECT has_table_privilege('{prefix}_runner', 'scoring.runs', 'INSERT') AND has_column_privilege('{prefix}_analyst', 'scoring.rejected_rows', 'reason', 'SELECT')"), Is.True);
        }
        finally
        {
            jobs.Delete(recursive: true);
            await empty.ExecuteAsync($"ALTER DATABASE {prefix} OWNER TO CURRENT_USER");
            foreach (var role in await empty.QueryAsync<string>($"SELECT rolname FROM pg_roles WHERE starts_with(rolname, '{prefix}_')"))
                await empty.ExecuteAsync($"DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
        }
    }

    private static Task<IReadOnlyList<string>> OwnersAsync(TestDatabase database) => database.QueryAsync<string>(
        "SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname IN ('scoring', 'quartz')");
}
