using System.Net;
using System.Net.Sockets;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Tests.Postgres;

internal sealed class DataSourcesTests(ServerKind kind) : DatabaseTests(kind)
{
    private NpgsqlConnectionStringBuilder Settings => new(Database.ConnectionString) { Timeout = 5 };

    [Test]
    public async Task A_connection_has_what_the_work_needs()
    {
        await using var dataSource = await DataSources.OpenAsync(Database.ConnectionString, default);
        await using var connection = await dataSource.OpenConnectionAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await connection.ExecuteScalarAsync<string>("SHOW application_name"), Is.EqualTo("batchscorer"));
            Assert.That(connection.CommandTimeout, Is.Zero);
            Assert.That(await connection.ExecuteScalarAsync<string>("SHOW idle_in_transaction_session_timeout"), Is.EqualTo("1min"));
            if (!OperatingSystem.IsLinux())
                return;
            Assert.That(await connection.ExecuteScalarAsync<string>("SHOW tcp_user_timeout"), Is.EqualTo("60000"));
            Assert.That(await connection.ExecuteScalarAsync<string>("SHOW tcp_keepalives_idle"), Is.EqualTo("30"));
        }
    }

    [Test]
    public async Task What_the_connection_string_says_wins()
    {
        var settings = Settings;
        settings.ApplicationName = "nightly";
        settings.Options = "-c statement_timeout=7000 -c tcp_user_timeout=9000";
        await using var dataSource = await DataSources.OpenAsync(settings.ConnectionString, default);
        await using var connection = await dataSource.OpenConnectionAsync();

        Assert.That(await connection.ExecuteScalarAsync<string>("SHOW application_name"), Is.EqualTo("nightly"));
        Assert.That(await connection.ExecuteScalarAsync<string>("SHOW statement_timeout"), Is.EqualTo("7s"));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_named()
    {
        var settings = Settings;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            settings.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await Refused(settings, $"\"{Database.Name}\" at 127.0.0.1:{settings.Port} as \"postgres\": nothing listens there. Check Host and Port");
    }

    [Test]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var settings = Settings;
        settings.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        settings.Timeout = 1;

        await Refused(settings, "nothing answers in time. Check Host and Port");
    }

    [Test]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        var settings = Settings;
        settings.Password = "not-this-one";

        await Refused(settings, "the password is wrong or the user unknown. Check Username and Password");
    }

    [Test]
    public async Task A_missing_password_is_told()
    {
        var settings = Settings;
        settings.Password = null;
        settings.Passfile = Path.GetTempFileName();

        await Refused(settings, "No password has been provided");
        File.Delete(settings.Passfile);
    }

    [Test]
    public async Task A_missing_database_is_told()
    {
        var settings = Settings;
        settings.Database = "nowhere";

        await Refused(settings, "\"nowhere\" at 127.0.0.1");
        await Refused(settings, "there is no such database. Check Database, or create it");
    }

    [Test]
    public async Task A_user_who_may_not_connect_is_told_what_to_ask_for()
    {
        await Database.ExecuteAsync($"REVOKE CONNECT ON DATABASE {Database.Name} FROM PUBLIC; CREATE ROLE {Database.Name}_guest LOGIN PASSWORD 'welcome'");
        var settings = Settings;
        settings.Username = $"{Database.Name}_guest";
        settings.Password = "welcome";

        await Refused(settings, "permission denied for database", "Have its owner GRANT CONNECT");
    }

    [Test]
    public async Task A_server_without_TLS_is_told_when_TLS_was_asked_for()
    {
        var settings = Settings;
        settings.SslMode = SslMode.Require;

        await Refused(settings, "SSL");
    }

    private static async Task Refused(NpgsqlConnectionStringBuilder settings, params string[] expected)
    {
        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => DataSources.OpenAsync(settings.ConnectionString, default));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Unavailable));
            foreach (var part in expected)
                Assert.That(fault.Message, Does.Contain(part));
            Assert.That(fault.Message, Does.Not.Contain('\n'));
            if (settings.Password is not null)
                Assert.That(fault.Message, Does.Not.Contain(settings.Password));
        }
    }
}
