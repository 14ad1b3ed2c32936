using YamlDotNet.RepresentationModel;

namespace BatchScorer.Tests.Deployment;

/// <summary>Reads YAML as the tools do that it is for.</summary>
internal static class Yaml
{
    /// <summary>The document of a file, with what its merge keys bring.</summary>
    public static YamlMappingNode Read(string path)
    {
        var stream = new YamlStream();
        using var text = new StreamReader(Repository.PathTo(path));
        stream.Load(text);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    /// <summary>The node at a path such as <c>spec.template</c>; null where there is none.</summary>
    public static YamlNode? At(this YamlNode node, string path)
    {
        YamlNode? found = node;
        foreach (var name in path.Split('.'))
            found = found is YamlMappingNode map ? Child(map, name) : null;
        return found;
    }

    public static string? TextAt(this YamlNode node, string path) => (node.At(path) as YamlScalarNode)?.Value;

    public static IReadOnlyList<string> TextsAt(this YamlNode node, string path) => [.. ListAt(node, path).Select(item => ((YamlScalarNode)item).Value!)];

    public static IEnumerable<YamlNode> ListAt(this YamlNode node, string path) => node.At(path) as YamlSequenceNode ?? [];

    public static Dictionary<string, string> MapAt(this YamlNode node, string path) =>
        (node.At(path) as YamlMappingNode ?? []).ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => ((YamlScalarNode)pair.Value).Value!);

    private static YamlNode? Child(YamlMappingNode map, string name) =>
        map.Children.TryGetValue(name, out var child) ? child
        : map.Children.TryGetValue("<<", out var merged) ? Child((YamlMappingNode)merged, name)
        : null;
}
