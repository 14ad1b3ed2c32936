using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using BatchScorer.Postgres;

namespace BatchScorer.Jobs.Json;

/// <summary>Adds to an exported JSON schema what the attributes and defaults of properties say, just as the binder goes by them.</summary>
internal static class SchemaKeywords
{
    /// <summary>Completes the schema of one value; for <see cref="JsonSchemaExporterOptions.TransformSchemaNode"/>.</summary>
    public static JsonNode Add(JsonSchemaExporterContext context, JsonNode exported)
    {
        // A type with a converter of its own is exported as "anything".
        var schema = exported as JsonObject ?? new JsonObject { ["type"] = "string" };
        schema.Remove("$comment");
        RefuseNull(schema);
        if (context.TypeInfo.Type.GetCustomAttribute<ExactlyOneOfAttribute>() is { } choice)
            schema["oneOf"] = new JsonArray([.. choice.Properties.Select(property => Having(property, context))]);
        if (context.PropertyInfo is { } property)
            AddProperty(schema, property, context.TypeInfo);
        return schema;
    }

    private static void AddProperty(JsonObject schema, JsonPropertyInfo property, JsonTypeInfo type)
    {
        foreach (var attribute in property.AttributeProvider?.GetCustomAttributes(inherit: false) ?? [])
            AddRule(schema, attribute);
        if (type.Kind != JsonTypeInfoKind.Object && DefaultOf(property, type) is { } value)
            schema["default"] = value;
    }

    private static void AddRule(JsonObject schema, object attribute)
    {
        switch (attribute)
        {
            case DescriptionAttribute description:
                schema.Insert(0, "description", description.Description);
                break;
            case RegularExpressionAttribute expression:
                (schema["items"] ?? schema)["pattern"] = expression.Pattern;
                break;
            case NotBlankAttribute:
                (schema["items"] ?? schema)["pattern"] = @"\S";
                break;
            case WebAddressAttribute:
                schema["format"] = "uri";
                schema["pattern"] = "^https?://";
                break;
            case RangeAttribute { Minimum: not string } range:
                schema["minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
                schema["maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
                break;
            case LookbackRangeAttribute:
                schema.Remove("type");
                schema["oneOf"] = new JsonArray(
                    new JsonObject { ["type"] = "string", ["pattern"] = @"^(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$" },
                    new JsonObject { ["type"] = "integer", ["minimum"] = 1 });
                break;
            case LengthAttribute length:
                schema["minItems"] = length.MinimumLength;
                schema["maxItems"] = length.MaximumLength;
                break;
            case UniqueItemsAttribute:
                schema["uniqueItems"] = true;
                break;
            case ColumnNameAttribute column:
                LimitLength(column.OfKeys ? Within(schema, "propertyNames") : schema["items"] ?? schema["additionalProperties"] ?? schema);
                break;
        }
    }

    /// <summary>No property takes null: leaving it out says the same.</summary>
    private static void RefuseNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
            schema["type"] = types[0]!.DeepClone();
    }

    private static JsonObject Having(string property, JsonSchemaExporterContext context) =>
        new() { ["required"] = new JsonArray(context.TypeInfo.Options.PropertyNamingPolicy?.ConvertName(property) ?? property) };

    private static JsonNode? DefaultOf(JsonPropertyInfo property, JsonTypeInfo type)
    {
        if (property.AttributeProvider!.IsDefined(typeof(DefaultValueAttribute), inherit: false))
            return null;
        var blank = type.Options.GetTypeInfo(property.DeclaringType).CreateObject!();
        return property.Get!(blank) is { } value ? JsonSerializer.SerializeToNode(value, type) : null;
    }

    private static JsonObject Within(JsonObject schema, string keyword)
    {
        var inner = new JsonObject();
        schema[keyword] = inner;
        return inner;
    }

    /// <summary>A schema counts characters, so this is what any name within PostgreSQL's bytes keeps to.</summary>
    private static void LimitLength(JsonNode schema)
    {
        schema["minLength"] = 1;
        schema["maxLength"] = SqlIdentifier.MaxBytes;
    }
}
