using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Registry;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using Npgsql;

namespace BatchScorer.Tests.Registry;

internal sealed class RegistrationTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly string Churn = TestJob.GoldenModel("churn");
    private static readonly string Other = Path.Combine(Path.GetDirectoryName(Churn)!, "model-v2.zip");

    private TestRegistry registry = null!;

    [SetUp]
    public void OpenRegistry() => registry = new TestRegistry(Database);

    [TearDown]
    public void CloseRegistry() => registry.Dispose();

    [Test]
    public async Task A_version_says_all_there_is_to_know_of_its_file_and_leads_to_its_bytes()
    {
        Assert.That(await registry.RegisterAsync("churn@1", Churn), Is.True);

        var model = await FindAsync("churn@1");
        var file = ModelFile.Read(Churn);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((model.Sha256, model.SizeBytes, model.Engine, model.IsChampion), Is.EqualTo((file.Sha256, (long)file.Bytes.Length, "Compiled", false)));
            Assert.That(model.Steps, Does.Contain("FastTreeBinaryExec"));
            Assert.That(model.Schema.GetProperty("inputs")[0].GetProperty("name").GetString(), Is.EqualTo("TenureMonths"));
            Assert.That(model.RegisteredAt, Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromMinutes(5)));
            Assert.That(model.RegisteredBy, Is.EqualTo(await Database.ScalarAsync<string>("SELECT session_user")));
        }

        Assert.That((await registry.Models.FetchAsync(model, default)).Bytes.ToArray(), Is.EqualTo(file.Bytes.ToArray()));
    }

    [Test]
    public async Task The_same_bytes_may_be_registered_again_which_puts_a_lost_file_back_and_other_bytes_may_not()
    {
        await registry.RegisterAsync("churn@1", Churn);
        Directory.Delete(registry.Store, recursive: true);

        Assert.That(await registry.RegisterAsync("churn@1", Churn), Is.False);
        Assert.That((await registry.Models.FetchAsync(await FindAsync("churn@1"), default)).Sha256, Is.EqualTo(ModelFile.Read(Churn).Sha256));
        await Assert.ThatAsync(() => registry.RegisterAsync("churn@1", Other), Throws.TypeOf<BatchScorerException>()
            .With.Message.StartsWith("churn@1 is registered already with another file: ").And.Message.EndsWith("register this file under another one."));
        Assert.That(await registry.RegisterAsync("churn@2", Other), Is.True);
        Assert.That((await FindAsync("churn@newest")).Version, Is.EqualTo("2"));
        Assert.That((await registry.Catalog.ListAsync("churn", default)).Select(model => model.Version), Is.EqualTo(new[] { "1", "2" }));
    }

    [TestCase("UPDATE scoring.model_versions SET notes = 'mine'")]
    [TestCase("UPDATE scoring.model_versions SET notes = 'mine' WHERE false")]
    [TestCase("DELETE FROM scoring.model_versions")]
    [TestCase("TRUNCATE scoring.model_versions CASCADE")]
    [TestCase("UPDATE scoring.model_promotions SET promoted_at = now()")]
    [TestCase("DELETE FROM scoring.model_promotions")]
    public async Task Not_even_a_superuser_changes_what_is_registered(string statement)
    {
        await registry.RegisterAsync("churn@1", Churn);
        await registry.PromoteAsync("churn@1");

        await Assert.ThatAsync(() => Database.ExecuteAsync(statement), Throws.TypeOf<PostgresException>().With.Message.Contains("never change and never go"));
        Assert.That((await FindAsync("churn@champion")).Notes, Is.Null);
    }

    [Test]
    public async Task Names_and_versions_that_are_not_there_are_told_with_what_is()
    {
        await Assert.ThatAsync(() => FindAsync("churn@1"), Throws.TypeOf<BatchScorerException>().With.Message.Contains("nor any other: run `batchscorer models register FILE --name churn"));
        await registry.RegisterAsync("churn@2026-11-20", Churn);

        await Assert.ThatAsync(() => FindAsync("chrun@1"), Throws.TypeOf<BatchScorerException>().With.Message.EqualTo("No model \"chrun\" is registered, did you mean \"churn\"?"));
        await Assert.ThatAsync(() => FindAsync("churn@2026-11-21"), Throws.TypeOf<BatchScorerException>().With.Message.EqualTo("Model \"churn\" has no version \"2026-11-21\", did you mean \"2026-11-20\"?"));
        await Assert.ThatAsync(() => FindAsync("churn@one"), Throws.TypeOf<BatchScorerException>().With.Message.EqualTo("Model \"churn\" has no version \"one\", expected one of 2026-11-20."));
        await Assert.ThatAsync(() => FindAsync("churn@champion"), Throws.TypeOf<BatchScorerException>().With.Message.Contains("No version of model \"churn\" is promoted yet: run `batchscorer models promote churn@2026-11-20`"));
    }

    [Test]
    public async Task Rolling_back_twice_goes_back_twice_and_a_promotion_begins_anew()
    {
        foreach (var version in new[] { "a", "b", "c", "d" })
        {
            await registry.RegisterAsync($"churn@{version}", Churn);
            if (version != "d")
                await registry.PromoteAsync($"churn@{version}");
        }

        await registry.RollBackAsync("churn");
        Assert.That((await FindAsync("churn@champion")).Version, Is.EqualTo("b"));
        await registry.RollBackAsync("churn");
        Assert.That((await FindAsync("churn@champion")).Version, Is.EqualTo("a"));
        await Assert.ThatAsync(() => registry.RollBackAsync("churn"), Throws.TypeOf<BatchScorerException>().With.Message.Contains("has no version to go back to from a"));

        await registry.PromoteAsync("churn@d");
        await registry.RollBackAsync("churn");
        Assert.That((await FindAsync("churn@champion")).Version, Is.EqualTo("a"));
        Assert.That(
            (await registry.Catalog.PromotionsAsync("churn", default)).Select(promotion => (promotion.InsteadOf, promotion.Version, promotion.Reason)),
            Is.EqualTo(new (string?, string, string)[]
            {
                (null, "a", "promote"), ("a", "b", "promote"), ("b", "c", "promote"), ("c", "b", "rollback"), ("b", "a", "rollback"), ("a", "d", "promote"), ("d", "a", "rollback"),
            }));
    }

    [Test]
    public async Task Of_many_who_promote_at_once_by_what_they_saw_one_does()
    {
        var versions = Enumerable.Range(0, 8).Select(i => $"churn@{i}").ToList();
        foreach (var version in versions)
            await registry.RegisterAsync(version, Churn);

        for (var round = 1; round <= 2; round++)
        {
            var last = await registry.Promotions.LastAsync("churn", default);
            var outcomes = await Task.WhenAll(versions.Select(async version =>
            {
                try
                {
                    await registry.Promotions.PromoteAsync(ModelReference.Parse(version), last, Promotion.Promote, default);
                    return "";
                }
                catch (BatchScorerException late)
                {
                    return late.Message;
                }
            }));

            Assert.That(outcomes.Count(outcome => outcome.Length == 0), Is.EqualTo(1));
            Assert.That(outcomes.Where(outcome => outcome.Length > 0), Has.All.Contain("is not promoted, since meanwhile"));
            Assert.That(await registry.Catalog.PromotionsAsync("churn", default), Has.Count.EqualTo(round));
        }
    }

    private Task<RegisteredModel> FindAsync(string reference) => registry.Models.FindAsync(ModelReference.Parse(reference), ExitCode.Usage, default);
}
