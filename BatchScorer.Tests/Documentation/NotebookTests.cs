using System.Diagnostics;
using BatchScorer.Benchmarks.Python;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Documentation;

/// <summary>The notebook for analysts asks what the page on querying asks, and Python runs it.</summary>
internal sealed class NotebookTests(ServerKind kind) : TypedCommands(kind)
{
    private const string Churn = "docs/notebooks/churn.ipynb";

    private static readonly string[] Packages = ["pandas", "psycopg2", "matplotlib"];

    /// <summary>Stands after the first cell, which says how to ask: an empty answer is none.</summary>
    private const string Checked =
        """
        asked = ask

        def ask(question):
            answer = asked(question)
            assert len(answer) > 0, question
            print(len(answer))
            return answer
        """;

    [Test]
    public void The_notebook_asks_the_queries_of_the_page_in_their_order() =>
        Assert.That(Notebook.Read(Churn).Queries, Is.EqualTo(DocumentedCommands.QueriesOf(QueryingPage)));

    [Test]
    public void The_notebook_holds_no_answers_of_anybodys_database() => Assert.That(Notebook.Read(Churn).CellsThatWereRun, Is.Zero);

    [Test]
    public async Task The_cells_of_the_notebook_run_in_their_order_for_an_analyst()
    {
        var (python, fault) = await PythonInterpreter.FindAsync(Packages, CancellationToken.None);
        if (python is null)
        {
            Assert.Ignore($"The notebook is not run: {fault}.");
            return;
        }

        await PrepareForQueryingAsync();
        var notebook = Notebook.Read(Churn);
        using var folder = new TemporaryFolder();

        var (exitCode, answers, errors) = await RunAsync(python, folder.Write("cells.py", [notebook.Code[0], Checked, .. notebook.Code.Skip(1)]));

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(answers.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(notebook.Queries.Count));
    }

    [Test]
    public Task The_commands_of_the_notebooks_page_work_in_their_order() => TypeAsync("docs/notebooks/README.md");

    /// <summary>Runs a script as an analyst connects: by libpq's variables.</summary>
    private async Task<(int ExitCode, string Results, string Errors)> RunAsync(string python, string script)
    {
        var connection = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        var start = new ProcessStartInfo(python, [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = $"{connection.Port}";
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGPASSWORD"] = connection.Password;
        start.Environment["PGDATABASE"] = connection.Database;
        start.Environment["PGOPTIONS"] = "-c role=batchscorer_analyst";
        // Plots are drawn, and nobody sees them.
        start.Environment["MPLBACKEND"] = "agg";
        using var process = Process.Start(start)!;
        var (results, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await results, await errors);
    }
}
