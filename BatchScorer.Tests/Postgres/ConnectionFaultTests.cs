using System.Net.Sockets;
using System.Security.Authentication;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Postgres;

internal sealed class ConnectionFaultTests
{
    private static readonly NpgsqlConnectionStringBuilder Settings = new("Host=db.example.org;Database=scores;Username=runner;Password=hush");

    private static readonly TestCaseData[] Faults =
    [
        new(new NpgsqlException("", new SocketException((int)SocketError.HostNotFound)), "the name of the host is not known. Check Host, and the name server."),
        new(new SocketException((int)SocketError.TimedOut), "nothing answers there. Check Host and Port, and the firewalls between."),
        new(new NpgsqlException("", new AuthenticationException("UntrustedRoot.")), "the server's certificate is not accepted: UntrustedRoot. Check SSL Mode and Root Certificate."),
        new(new ObjectDisposedException(typeof(ManualResetEventSlim).FullName), "the connection was cut while it opened. Try again in a moment."),
        new(Refusal("53300"), "the server takes no more connections. Try again later, or raise its max_connections."),
        new(Refusal("57P03"), "as it says. Try again in a moment."),
        new(Refusal("28000"), "as it says. Check Username and SSL Mode, and the server's pg_hba.conf."),
        new(Refusal("08P01"), "as it says. A connection pooler may stand before the server: connect to the server itself, or set ignore_startup_parameters = options there."),
        new(Refusal("XX000"), "as it says (XX000). See the server's log."),
    ];

    [TestCaseSource(nameof(Faults))]
    public void A_fault_is_told_with_its_place_and_remedy(Exception fault, string expected)
    {
        var explained = ConnectionFault.Explain(fault, Settings);

        Assert.That(explained.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(explained.Message, Is.EqualTo($"Cannot connect to the database \"scores\" at db.example.org:5432 as \"runner\": {expected}"));
    }

    private static PostgresException Refusal(string sqlState) => new("as it says", "FATAL", "FATAL", sqlState);
}
