using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Schema;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>The JSON schema of job files, by which editors complete and check them; made from the records themselves.</summary>
internal static class JobSchema
{
    /// <summary>Draft 7 is the one that every editor knows.</summary>
    private const string Dialect = "http://json-schema.org/draft-07/schema#";

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // The schema is read in editors, never embedded in a web page, so quotes and arrows stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of <c>jobs/job.schema.json</c>, with a line break at its end.</summary>
    public static string Generate()
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = SchemaKeywords.Add };
        var schema = JobJson.Options.GetJsonSchemaAsNode(typeof(JobDefinition), options).AsObject();
        schema.Insert(0, "$schema", Dialect);
        schema.Insert(1, "title", "A BatchScorer job");
        return schema.ToJsonString(Written) + "\n";
    }
}
