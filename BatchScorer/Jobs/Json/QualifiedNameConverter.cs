using System.Text.Json;
using System.Text.Json.Serialization;
using BatchScorer.Postgres;

namespace BatchScorer.Jobs.Json;

/// <summary>Reads and writes a <see cref="QualifiedName"/> as its text.</summary>
internal sealed class QualifiedNameConverter : JsonConverter<QualifiedName>
{
    public override QualifiedName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? QualifiedName.Parse(reader.GetString()!) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, QualifiedName value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
