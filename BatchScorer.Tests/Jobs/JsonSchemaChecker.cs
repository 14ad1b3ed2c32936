using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BatchScorer.Tests.Jobs;

/// <summary>Judges JSON by a JSON schema, as an editor would. Knows the keywords the job schema uses, and stumbles over others.</summary>
internal static class JsonSchemaChecker
{
    public static bool Allows(JsonNode schema, JsonNode? value) => schema.AsObject().All(keyword => Allows(keyword.Key, keyword.Value!, schema, value));

    private static bool Allows(string keyword, JsonNode argument, JsonNode schema, JsonNode? value) => keyword switch
    {
        "$schema" or "title" or "description" or "default" => true,
        "format" => true, // refuses nothing, unless an editor has been told to
        "type" => IsOf(argument.GetValue<string>(), value),
        "enum" => argument.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)),
        "oneOf" => argument.AsArray().Count(choice => Allows(choice!, value)) == 1,
        "properties" => value is not JsonObject o || argument.AsObject().All(known => !o.ContainsKey(known.Key) || Allows(known.Value!, o[known.Key])),
        "required" => value is not JsonObject o || argument.AsArray().All(name => o.ContainsKey(name!.GetValue<string>())),
        "propertyNames" => value is not JsonObject o || o.All(property => Allows(argument, property.Key)),
        "additionalProperties" => value is not JsonObject o || Others(o, schema).All(other => argument is JsonObject ? Allows(argument, other) : argument.GetValue<bool>()),
        "items" => value is not JsonArray a || a.All(item => Allows(argument, item)),
        "minItems" => value is not JsonArray a || a.Count >= argument.GetValue<int>(),
        "maxItems" => value is not JsonArray a || a.Count <= argument.GetValue<int>(),
        "uniqueItems" => value is not JsonArray a || a.Select(item => item?.ToJsonString()).Distinct().Count() == a.Count,
        "minimum" => value?.GetValueKind() != JsonValueKind.Number || value.GetValue<double>() >= Number(argument),
        "maximum" => value?.GetValueKind() != JsonValueKind.Number || value.GetValue<double>() <= Number(argument),
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, argument.GetValue<string>()),
        "minLength" => Text(value) is not { } text || text.EnumerateRunes().Count() >= argument.GetValue<int>(),
        "maxLength" => Text(value) is not { } text || text.EnumerateRunes().Count() <= argument.GetValue<int>(),
        _ => throw new NotSupportedException($"The keyword {keyword} is new: teach the checker what it means."),
    };

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => double.IsInteger(value!.GetValue<double>()),
        _ => false,
    };

    private static IEnumerable<JsonNode?> Others(JsonObject value, JsonNode schema) =>
        value.Where(property => schema["properties"]?.AsObject().ContainsKey(property.Key) != true).Select(property => property.Value);

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static double Number(JsonNode argument) => JsonSerializer.Deserialize<double>(argument);
}
