using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>How the records of a job are written as JSON; reading, writing and the schema all go by these options.</summary>
internal static class JobJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            // Both are faults that the tree reader has noted by the time a value is bound.
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(new SmallLetters(), allowIntegerValues: false), new QualifiedNameConverter(), new LookbackConverter() },
        };
        options.MakeReadOnly();
        return options;
    }

    private sealed class SmallLetters : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }
}
