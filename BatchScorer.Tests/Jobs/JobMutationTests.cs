using System.Text;
using System.Text.Json.Nodes;
using BatchScorer.Jobs;

namespace BatchScorer.Tests.Jobs;

/// <summary>Changes a complete job in every place, to values of every kind.</summary>
internal sealed class JobMutationTests : JobFolderTests
{
    private const string Complete = """
        {
          "$schema": "job.schema.json",
          "name": "churn",
          "description": "Customers likely to leave",
          "schedule": { "cron": "0 30 2 * * ?", "timeZone": "Europe/Berlin", "missed": "once" },
          "source": { "table": "demo.customers", "key": ["id"], "mode": "window", "cursor": "updated_at", "lookback": "1.00:00:00", "filter": "active" },
          "model": { "path": "churn.zip", "engine": "auto" },
          "inputs": { "Tenure": "tenure" },
          "outputs": { "leaves": "PredictedLabel" },
          "carry": ["region"],
          "work": { "chunkRows": 50000, "partitions": 0 },
          "limits": { "rejectedRows": 1000, "rejectedShare": 0.01, "chunkTime": "00:05:00" },
          "keep": { "predictions": "90.00:00:00", "newest": true, "rejectedRows": "30.00:00:00", "runs": "400.00:00:00" },
          "alarms": {
            "rejectedShare": 0.005, "duration": "01:00:00", "rows": { "atLeast": 1000, "atMost": 500000 }, "drift": { "columns": 2 }, "stale": "1.06:00:00",
            "hold": ["rows"], "webhook": { "url": "https://alarms.example.org/churn", "secret": "CHURN_SECRET" }
          }
        }
        """;

    private static readonly string?[] Values = [null, "null", "true", "0", "1.5", "-7", "1e999", "\"\"", "\"id\"", "\"run_id\"", "\"a\\u0000b\"", "\"00:00\"", "\"00:00:07\"", "[]", "[\"id\"]", "[[]]", "{}", "{\"id\": \"id\"}"];

    private static readonly string[] Paths = [.. PathsOf(JsonNode.Parse(Complete)!).Skip(1)];

    [Test]
    public void A_job_with_changes_is_read_or_faulted_and_what_is_read_fits_the_schema()
    {
        var schema = JsonNode.Parse(JobSchema.Generate())!;
        var read = 0;
        foreach (var content in OneChange().Concat(TwoChanges()))
        {
            var (job, faults) = Folder.Read(Encoding.UTF8.GetBytes(content.ToJsonString()));

            Assert.That(job is null, Is.EqualTo(faults.Count > 0), content.ToJsonString());
            if (job is null)
                continue;
            Assert.That(JsonSchemaChecker.Allows(schema, content), Is.True, content.ToJsonString());
            read++;
        }

        Assert.That(read, Is.GreaterThan(30), "jobs that were read after all");
    }

    private static IEnumerable<JsonNode> OneChange() =>
        from path in Paths
        from value in Values
        select Changed((path, value));

    /// <summary>Every pair of places; the values go round as the pairs go by.</summary>
    private static IEnumerable<JsonNode> TwoChanges()
    {
        var pairs =
            from first in Paths
            from second in Paths
            select (first, second);
        return pairs.Select((pair, index) =>
            Changed((pair.first, Values[index % Values.Length]), (pair.second, Values[index * 7 % Values.Length])));
    }

    private static JsonNode Changed(params (string Path, string? Value)[] changes)
    {
        var job = JsonNode.Parse(Complete)!;
        foreach (var (path, value) in changes)
            Change(job, path, value);
        return job;
    }

    /// <summary>Replaces the value at a path, or takes it out; does nothing where an earlier change has removed the place.</summary>
    private static void Change(JsonNode job, string path, string? json)
    {
        var place = PathsAndNodes(job).FirstOrDefault(place => place.Path == path).Node;
        if (place?.Parent is JsonArray array)
        {
            array.Remove(place);
            if (json is not null)
                array.Add(JsonNode.Parse(json));
        }
        else if (place?.Parent is JsonObject parent)
        {
            var name = place.GetPropertyName();
            parent.Remove(name);
            if (json is not null)
                parent.Add(name, JsonNode.Parse(json));
        }
    }

    private static IEnumerable<string> PathsOf(JsonNode node) => PathsAndNodes(node).Select(place => place.Path);

    private static IEnumerable<(string Path, JsonNode Node)> PathsAndNodes(JsonNode node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject parent => parent.Select(property => property.Value),
            JsonArray array => array,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(PathsAndNodes).Prepend((node.GetPath(), node));
    }
}
