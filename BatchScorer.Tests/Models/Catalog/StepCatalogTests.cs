using System.Reflection;
using BatchScorer.Models;
using BatchScorer.Models.Catalog;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Catalog;

internal sealed class StepCatalogTests
{
    private const string Start = "<!-- Made by `batchscorer models steps`. -->\n\n";
    private const string End = "<!-- To here. -->\n";

    [Test]
    public void The_page_on_models_has_the_tables_that_the_code_makes()
    {
        var page = File.ReadAllText(Repository.PathTo("docs/models.md"));
        var start = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;

        Assert.That(
            page[start..page.IndexOf(End, StringComparison.Ordinal)],
            Is.EqualTo(StepCatalog.ToMarkdown()),
            "Put there what this prints: dotnet run --project BatchScorer -- models steps");
    }

    [Test]
    public void Every_step_that_the_Compiled_engine_scores_is_catalogued() =>
        Assert.That(KnownSteps.All, Is.SubsetOf(StepCatalog.Steps.Select(step => step.Signature)));

    [Test]
    public void Every_step_is_catalogued_once() =>
        Assert.That(StepCatalog.Steps.Select(step => step.Signature), Is.Unique);

    [Test]
    public void Everything_that_MLNets_assemblies_load_from_a_model_is_catalogued()
    {
        string[] leftOut = ["DatabaseLoader"]; // a loader of databases, which Model.Load does not take
        var assemblies = Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll");
        Assume.That(assemblies, Is.Not.Empty, "this build lacks ML.NET");
        var signatures =
            from file in assemblies
            from attribute in Assembly.LoadFrom(file).GetCustomAttributesData()
            where attribute.AttributeType.Name == "LoadableClassAttribute"
                && attribute.ConstructorArguments.Any(argument => argument.Value is Type { Name: "SignatureLoadModel" })
            from name in attribute.ConstructorArguments.Select(argument => argument.Value).OfType<IReadOnlyCollection<CustomAttributeTypedArgument>>().Last()
            select (string)name.Value!;

        Assert.That(signatures.Except(leftOut), Is.Not.Empty.And.SubsetOf(StepCatalog.Steps.Select(step => step.Signature)));
    }

    [TestCase(true, "TransformerChain", "ConcatTransform", "FastTreeBinaryExec", "StepOfTomorrow")]
    [TestCase(false, "TransformerChain", "RegressionPredXfer", "OlsLinearRegressionExec")]
    [TestCase(false, "TransformerChain", "SsaForecasting")]
    public void A_model_is_in_MLNet_where_the_packages_of_all_its_steps_are(bool expected, params string[] signatures) =>
        Assert.That(StepCatalog.AreInMLNet(signatures.Select(signature => new ModelStep("Model.key", signature))), Is.EqualTo(expected));

    [TestCase("OVAExec", "Compiled, MLNet")]
    [TestCase("OlsLinearRegressionExec", "Compiled")]
    [TestCase("PriorPredictor", "MLNet")]
    [TestCase("OnnxTransform", "none: it is in Microsoft.ML.OnnxTransformer")]
    [TestCase("SsaForecasting", "none: it needs the rows before")]
    public void An_engine_or_the_reason_why_there_is_none_is_told(string signature, string expected) =>
        Assert.That(StepCatalog.EnginesFor(StepCatalog.Steps.Single(step => step.Signature == signature)), Is.EqualTo(expected));
}
