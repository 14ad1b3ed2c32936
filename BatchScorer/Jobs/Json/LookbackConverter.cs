using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BatchScorer.Jobs.Json;

/// <summary>Reads and writes a <see cref="Lookback"/> as the text of a time, or as a number.</summary>
internal sealed class LookbackConverter : JsonConverter<Lookback>
{
    public override Lookback Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String when TimeSpan.TryParseExact(reader.GetString(), "c", CultureInfo.InvariantCulture, out var time) => new Lookback(time),
        JsonTokenType.Number when reader.TryGetInt64(out var number) => new Lookback(number),
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, Lookback value, JsonSerializerOptions options)
    {
        if (value.Time is { } time)
            writer.WriteStringValue(time.ToString("c", CultureInfo.InvariantCulture));
        else
            writer.WriteNumberValue(value.Number!.Value);
    }
}
