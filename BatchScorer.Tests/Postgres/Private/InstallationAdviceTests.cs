using BatchScorer.Postgres.Private;

namespace BatchScorer.Tests.Postgres.Private;

internal sealed class InstallationAdviceTests
{
    [TestCase("ID=debian", "Install it with: sudo apt-get install postgresql")]
    [TestCase("NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"", "Install it with: sudo apt-get install postgresql")]
    [TestCase("ID_LIKE=\"rhel centos fedora\"\nID=\"rocky\"\r\n", "Install it with: sudo dnf install postgresql-server")]
    [TestCase("ID=alpine", "Install it with: apk add postgresql")]
    [TestCase("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"", "Install it with: sudo zypper install postgresql-server")]
    [TestCase("ID=manjaro\nID_LIKE=arch", "Install it with: sudo pacman -S postgresql")]
    [TestCase("ID=nixos", "Install PostgreSQL 14 or newer with this system's package manager")]
    [TestCase("", "Install PostgreSQL 14 or newer with this system's package manager")]
    public void A_distribution_is_told_its_own_command(string osRelease, string expected) =>
        Assert.That(InstallationAdvice.ForLinux(osRelease), Does.StartWith(expected));
}
