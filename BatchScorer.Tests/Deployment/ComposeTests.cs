using BatchScorer.Cli.Hosting;
using YamlDotNet.RepresentationModel;

namespace BatchScorer.Tests.Deployment;

internal sealed class ComposeTests
{
    private static readonly YamlMappingNode File = Yaml.Read("deploy/compose/compose.yaml");

    [TestCase("migrate", "db migrate")]
    [TestCase("node", "serve")]
    public void A_service_has_a_command_and_settings_of_the_program(string service, string command)
    {
        var arguments = File.TextsAt($"services.{service}.command");

        Assert.That(string.Join(' ', arguments), Is.EqualTo(command));
        DeployedCommand.Check(arguments, Settings(service));
    }

    [Test]
    public void A_node_is_well_when_the_program_says_so()
    {
        var test = File.TextsAt("services.node.healthcheck.test");

        Assert.That(test.Take(2), Is.EqualTo(new[] { "CMD", "./batchscorer" }));
        DeployedCommand.Check(test.Skip(2), Settings("node"));
    }

    [Test]
    public void Two_nodes_start_once_the_schema_is_there()
    {
        Assert.That(File.TextAt("services.node.deploy.replicas"), Is.EqualTo("2"));
        Assert.That(File.TextAt("services.node.depends_on.migrate.condition"), Is.EqualTo("service_completed_successfully"));
        Assert.That(File.TextAt("services.migrate.depends_on.database.condition"), Is.EqualTo("service_healthy"));
    }

    [Test]
    public void Program_and_database_have_the_same_name_user_and_password()
    {
        var settings = Settings("node");
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(settings[ProgramEnvironment.VariableOf(ConnectionSetting.Path)]);
        var server = File.MapAt("services.database.environment");

        Assert.That((connection.Host, connection.Database, connection.Username), Is.EqualTo(("database", server["POSTGRES_DB"], server["POSTGRES_USER"])));
        Assert.That(settings[ProgramEnvironment.VariableOf(ConnectionSetting.PasswordFile)], Is.EqualTo(server["POSTGRES_PASSWORD_FILE"]));
        Assert.That(File.TextsAt("services.node.secrets").Concat(File.TextsAt("services.database.secrets")), Is.All.EqualTo(Path.GetFileName(server["POSTGRES_PASSWORD_FILE"])));
    }

    [TestCase("migrate")]
    [TestCase("node")]
    public void The_program_writes_to_nothing_but_its_temporary_folder(string service)
    {
        Assert.That(File.TextAt($"services.{service}.read_only"), Is.EqualTo("true"));
        Assert.That(File.TextsAt($"services.{service}.tmpfs"), Is.EqualTo(new[] { "/tmp" }));
        Assert.That(File.TextsAt($"services.{service}.cap_drop"), Is.EqualTo(new[] { "ALL" }));
    }

    private static Dictionary<string, string> Settings(string service) => File.MapAt($"services.{service}.environment");
}
