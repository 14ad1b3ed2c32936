using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BatchScorer.Errors;

namespace BatchScorer.Jobs.Json;

/// <summary>
/// Makes objects from a <see cref="JsonTree"/> by the serializer's own metadata of their types and the validation attributes
/// on them, and notes every fault on the way instead of stopping at the first.
/// </summary>
internal sealed class JsonBinder(JsonSerializerOptions options, FaultList faults)
{
    /// <summary>
    /// Makes a <typeparamref name="T"/>. What is missing or at fault keeps its default, <b>null for required properties</b>:
    /// where <see cref="FaultList.Sound"/> denies a property, it must not be read.
    /// </summary>
    /// <returns>The object, or null where the document is no object at all.</returns>
    public T? Bind<T>(JsonTree document) where T : class => (T?)Bind(document, options.GetTypeInfo(typeof(T)), []);

    private object? Bind(JsonTree node, JsonTypeInfo type, Attribute[] rules) => type.Kind switch
    {
        JsonTypeInfoKind.Object when Is(node, JsonValueKind.Object, "an object") => BindProperties(node, type),
        JsonTypeInfoKind.Dictionary when Is(node, JsonValueKind.Object, "an object") => BindEntries(node, type, rules),
        JsonTypeInfoKind.Enumerable when Is(node, JsonValueKind.Array, "an array") => BindItems(node, type, rules),
        JsonTypeInfoKind.None => BindValue(node, type, rules),
        _ => null,
    };

    private object BindProperties(JsonTree node, JsonTypeInfo type)
    {
        var target = type.CreateObject!();
        foreach (var child in WithoutRepeated(node))
        {
            if (type.Properties.FirstOrDefault(property => property.Name == child.Name) is not { } property)
                AddUnknown(node, child, type);
            else if (Bind(child, options.GetTypeInfo(property.PropertyType), Rules(property.AttributeProvider)) is { } value)
                property.Set!(target, value);
        }

        foreach (var property in type.Properties.Where(property => property.IsRequired))
            CheckPresent(node, JsonPath.Property(node.Path, property.Name));
        if (type.Type.GetCustomAttribute<ExactlyOneOfAttribute>() is { } choice)
            CheckChoice(node, [.. choice.Properties.Select(NameOf)]);
        return target;
    }

    private object? BindEntries(JsonTree node, JsonTypeInfo type, Attribute[] rules)
    {
        var ofKeys = rules.OfType<ColumnNameAttribute>().Where(rule => rule.OfKeys).ToArray();
        foreach (var child in WithoutRepeated(node))
        {
            if (Array.Find(ofKeys, rule => !rule.IsValid(child.Name)) is { } broken)
                faults.Add(child.Line, child.Path, $"expected {broken.ErrorMessage}, got \"{child.Name}\"");
            Bind(child, options.GetTypeInfo(type.ElementType!), [.. rules.Except(ofKeys)]);
        }

        return faults.Sound(node.Path) ? JsonSerializer.Deserialize(node.Raw.Span, type) : null;
    }

    private object? BindItems(JsonTree node, JsonTypeInfo type, Attribute[] rules)
    {
        foreach (var child in node.Children)
            Bind(child, options.GetTypeInfo(type.ElementType!), rules);
        if (rules.OfType<UniqueItemsAttribute>().Any())
            CheckUnique(node);
        if (rules.OfType<LengthAttribute>().FirstOrDefault() is { } length
            && (node.Children.Count < length.MinimumLength || node.Children.Count > length.MaximumLength))
            faults.Add(node.Line, node.Path, $"expected {length.MinimumLength} to {length.MaximumLength} items, got {node.Children.Count}");
        return faults.Sound(node.Path) ? JsonSerializer.Deserialize(node.Raw.Span, type) : null;
    }

    private object? BindValue(JsonTree node, JsonTypeInfo type, Attribute[] rules)
    {
        var expected = new ExpectedValue(type, [.. rules.OfType<ValidationAttribute>().Where(rule => rule is not LengthAttribute)]);
        try
        {
            if (expected.Read(node) is { } value)
                return value;
            faults.Add(node.Line, node.Path, $"expected {expected}, got {node}{Suggestion.For(node.Text, expected.Choices)}");
        }
        catch (FormatException exception)
        {
            faults.Add(node.Line, node.Path, exception.Message);
        }

        return null;
    }

    private bool Is(JsonTree node, JsonValueKind kind, string expected)
    {
        if (node.Kind == kind)
            return true;
        faults.Add(node.Line, node.Path, $"expected {expected}, got {node}");
        return false;
    }

    private IEnumerable<JsonTree> WithoutRepeated(JsonTree node)
    {
        var seen = new Dictionary<string, JsonTree>();
        foreach (var child in node.Children)
        {
            if (seen.TryAdd(child.Name, child))
                yield return child;
            else
                faults.Add(child.Line, child.Path, $"this property is already there, in line {seen[child.Name].Line}; remove one");
        }
    }

    private void AddUnknown(JsonTree node, JsonTree child, JsonTypeInfo type)
    {
        var known = type.Properties.Select(property => property.Name).ToArray();
        var nearest = Suggestion.Nearest(child.Name, known);
        if (nearest is not null)
            faults.Doubt(JsonPath.Property(node.Path, nearest));
        faults.Add(child.Line, child.Path, nearest is null
            ? $"unknown property, expected one of {string.Join(", ", known)}"
            : $"unknown property, did you mean \"{nearest}\"?");
    }

    private void CheckPresent(JsonTree node, string path)
    {
        if (!node.Has(path) && faults.Sound(path))
            faults.Add(node.Line, path, "is missing, but required");
    }

    private void CheckChoice(JsonTree node, IReadOnlyList<string> names)
    {
        var paths = names.Select(name => JsonPath.Property(node.Path, name)).ToArray();
        var given = names.Where((_, index) => node.Has(paths[index])).ToArray();
        var expected = $"expected either \"{string.Join("\", \"", names.SkipLast(1))}\" or \"{names[^1]}\"";
        if (given.Length > 1)
            faults.Add(node, JsonPath.Property(node.Path, given[^1]), $"{expected}, got \"{string.Join("\" and \"", given)}\"; keep one");
        else if (given.Length == 0 && faults.Sound(paths))
            faults.Add(node.Line, node.Path, $"{expected}, got none of them", paths);
    }

    private void CheckUnique(JsonTree node)
    {
        var seen = new Dictionary<string, JsonTree>();
        foreach (var child in node.Children.Where(child => child.Kind == JsonValueKind.String && !seen.TryAdd(child.Text, child)))
            faults.Add(child.Line, child.Path, $"{child} is already there, as {seen[child.Text].Path}; remove one");
    }

    private string NameOf(string property) => options.PropertyNamingPolicy?.ConvertName(property) ?? property;

    private static Attribute[] Rules(ICustomAttributeProvider? property) =>
        [.. property?.GetCustomAttributes(inherit: false).OfType<Attribute>() ?? []];
}
