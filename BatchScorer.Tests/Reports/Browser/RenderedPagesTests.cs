using BatchScorer.Jobs;
using BatchScorer.Reports;
using BatchScorer.Runs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Reports.Serving;
using BatchScorer.Tests.Runs;
using BatchScorer.Tests.Telemetry;
using Ledger = BatchScorer.Postgres.Database;

namespace BatchScorer.Tests.Reports.Browser;

/// <summary>Pages in a real browser, on a phone, a tablet and a desk, light and dark. The pictures are kept with the test's results.</summary>
[OnOneServer]
internal sealed class RenderedPagesTests(ServerKind kind) : DatabaseTests(kind)
{
    /// <summary>Widths, the colour of the paper, how many tables have their headers, and the least contrast of any text to what is behind it (WCAG 2, 1.4.3).</summary>
    private const string Measure =
        """
        (() => {
            const parse = colour => { const v = colour.match(/[\d.]+/g).map(Number); return { rgb: v.slice(0, 3), alpha: v.length > 3 ? v[3] : 1 }; };
            const light = rgb => { const [r, g, b] = rgb.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const behind = element => { for (; element; element = element.parentElement) { const paper = parse(getComputedStyle(element).backgroundColor); if (paper.alpha === 1) return paper.rgb; } return [255, 255, 255]; };
            let contrast = 21, palest = '';
            for (const element of document.querySelectorAll('body *')) {
                if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) || element.closest('defs, title, progress')) continue;
                const style = getComputedStyle(element);
                const [a, b] = [light(parse(element.closest('svg') ? style.fill : style.color).rgb), light(behind(element))];
                const found = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (found < contrast) { contrast = found; palest = element.outerHTML.slice(0, 100); }
            }
            const root = document.documentElement;
            return {
                scroll: root.scrollWidth, client: root.clientWidth, paper: light(parse(getComputedStyle(document.body).backgroundColor).rgb), contrast, palest,
                bare: [...document.querySelectorAll('table')].filter(table => !table.querySelector('caption') || !table.querySelector('th[scope=col]')).length,
                unnamed: [...document.querySelectorAll('svg')].filter(svg => svg.getAttribute('aria-hidden') !== 'true' && !svg.getAttribute('aria-label')).length,
                levels: [...document.querySelectorAll('h1,h2,h3')].map(heading => heading.tagName).join(' ') };
        })()
        """;

    [Test]
    public async Task Pages_are_readable_on_a_phone_and_on_a_desk_by_day_and_by_night()
    {
        if (Chromium.Find() is not { } program)
        {
            Assert.Ignore("There is no chromium, chromium-browser or google-chrome on the PATH: install one to have the pages rendered.");
            return;
        }

        await using var job = await ReportedJob.RunTwiceAsync(Database);
        using var logs = new CollectedLogs();
        var file = await WriteReportAsync();
        var jobs = WriteJob(job);
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs, readJobs: () => JobCatalog.Read(jobs.FullName, new JobReader(jobs.FullName, ScheduleRules.CronFault)));
        // The widest things there are: a long name, and a run under way.
        await Database.ExecuteAsync(
            """
            INSERT INTO scoring.jobs (name, next_from) VALUES ('a_job_whose_name_is_as_long_as_they_come', '2026-11-21T19:27:42.052740Z');
            UPDATE scoring.runs SET job = 'a_job_whose_name_is_as_long_as_they_come', state = 'running', finished_at = NULL WHERE run_id = 1;
            """);
        await using var chromium = await Chromium.StartAsync(program);

        jobs.Delete(recursive: true);
        foreach (var (name, address) in new[] { ("report", new Uri(file)), ("run", new Uri(server.Address, "/runs/2")), ("overview", new Uri(server.Address, "/runs")) })
        {
            foreach (var (width, dark) in new[] { (390, false), (390, true), (900, false), (1280, false), (1280, true) })
                Judge(await chromium.LookAsync(address, width, dark, Measure), $"{name}-{width}-{(dark ? "dark" : "light")}", address, width, dark);
        }
    }

    private static void Judge(Sight sight, string name, Uri address, int width, bool dark)
    {
        var picture = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{name}-{TestContext.CurrentContext.Test.ID}.png");
        File.WriteAllBytes(picture, sight.Picture);
        TestContext.AddTestAttachment(picture, name);
        var seen = sight.Measured;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Requests.Where(request => !request.StartsWith("data:", StringComparison.Ordinal)), Is.EqualTo(new[] { address.AbsoluteUri }), $"{name}: nothing but the page is asked for");
            Assert.That(sight.Console, Is.Empty, name);
            Assert.That((seen["client"]!.GetValue<int>(), seen["scroll"]!.GetValue<int>()), Is.EqualTo((width, width)), $"{name}: nothing is wider than the window");
            Assert.That(seen["paper"]!.GetValue<double>(), dark ? Is.LessThan(0.1) : Is.GreaterThan(0.9), name);
            Assert.That(seen["contrast"]!.GetValue<double>(), Is.GreaterThanOrEqualTo(4.5), $"{name}: {seen["palest"]}");
            Assert.That((seen["bare"]!.GetValue<int>(), seen["unnamed"]!.GetValue<int>()), Is.EqualTo((0, 0)), $"{name}: tables without headers, figures without names");
            Assert.That(seen["levels"]!.GetValue<string>(), Does.StartWith("H1 H2").And.Not.Match("H1 .*H1"), name);
        }
    }

    /// <summary>The job's file, with a schedule.</summary>
    private static DirectoryInfo WriteJob(TestJob job)
    {
        var folder = Directory.CreateTempSubdirectory("batchscorer-jobs-");
        File.Copy(job.Job.ModelFile!, Path.Combine(folder.FullName, job.Definition.Model.Path!));
        File.WriteAllText(Path.Combine(folder.FullName, "job.json"), TestJob.FileOf(job.Definition with { Schedule = new JobSchedule { Cron = "0 30 2 * * ?", TimeZone = "Europe/Berlin" } }));
        return folder;
    }

    private async Task<string> WriteReportAsync()
    {
        await using var ledger = await Ledger.OpenAsync(Database.ConnectionString, CancellationToken.None);
        var details = await new RunDetailsReader(ledger, new RunCatalog(ledger)).ReadAsync(2, countingLimit: null, CancellationToken.None);
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"report-{TestContext.CurrentContext.Test.ID}.html");
        await ReportFile.WriteAsync(file, RunPage.Of(details).ToString(), CancellationToken.None);
        return file;
    }
}
