using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Health;
using YamlDotNet.RepresentationModel;

namespace BatchScorer.Tests.Deployment;

internal sealed class KubernetesTests
{
    private static readonly Dictionary<string, string> Settings = Read("settings").MapAt("data");

    [TestCase("serve", "Deployment", "spec.template.spec", "serve")]
    [TestCase("migrate", "Job", "spec.template.spec", "db migrate")]
    [TestCase("run", "CronJob", "spec.jobTemplate.spec.template.spec", "run churn")]
    public void A_pod_has_a_command_and_settings_of_the_program_and_no_more_rights_than_it_needs(string file, string kind, string path, string command)
    {
        var manifest = Read(file);
        var pod = manifest.At(path)!;
        var container = pod.ListAt("containers").Single();

        Assert.That((manifest.TextAt("kind"), string.Join(' ', container.TextsAt("args"))), Is.EqualTo((kind, command)));
        DeployedCommand.Check(container.TextsAt("args"), Settings);
        Assert.That(container.ListAt("envFrom").Single().TextAt("configMapRef.name"), Is.EqualTo(Read("settings").TextAt("metadata.name")));
        Assert.That((pod.TextAt("securityContext.runAsNonRoot"), pod.TextAt("automountServiceAccountToken")), Is.EqualTo(("true", "false")));
        Assert.That((container.TextAt("securityContext.readOnlyRootFilesystem"), container.TextAt("securityContext.allowPrivilegeEscalation")), Is.EqualTo(("true", "false")));
        Assert.That(container.ListAt("volumeMounts").Select(mount => mount.TextAt("mountPath")),
            Is.EqualTo(new[] { "/tmp", Path.GetDirectoryName(Settings[ProgramEnvironment.VariableOf(ConnectionSetting.PasswordFile)]) }));
        Assert.That(container.ListAt("volumeMounts").Select(mount => mount.TextAt("name")), Is.EqualTo(pod.ListAt("volumes").Select(volume => volume.TextAt("name"))));
    }

    [TestCase("startupProbe", HealthEndpoint.Live)]
    [TestCase("livenessProbe", HealthEndpoint.Live)]
    [TestCase("readinessProbe", HealthEndpoint.Ready)]
    public void A_probe_asks_where_the_host_answers(string probe, string path)
    {
        var container = Read("serve").ListAt("spec.template.spec.containers").Single();
        var port = container.ListAt("ports").Single();
        var address = HealthAddress.Parse("address", Settings["BATCHSCORER_BatchScorer__HealthAddress"])!;

        Assert.That(container.TextAt($"{probe}.httpGet.path"), Is.EqualTo(path));
        Assert.That(container.TextAt($"{probe}.httpGet.port"), Is.EqualTo(port.TextAt("name")));
        Assert.That(port.TextAt("containerPort"), Is.EqualTo($"{address.Ask.Port}"));
        Assert.That(address.Listen, Does.StartWith("http://*:"), "probes come from outside the pod");
    }

    [Test]
    public void A_one_shot_run_is_not_tried_again_where_that_mends_nothing()
    {
        var rule = Read("run").ListAt("spec.jobTemplate.spec.podFailurePolicy.rules").First();

        Assert.That(rule.TextsAt("onExitCodes.values").Select(int.Parse), Is.EqualTo(DeployedCommand.Final.Prepend((int)ExitCode.RejectedOverLimit)));
    }

    [Test]
    public void The_kustomization_has_the_files_of_a_host()
    {
        var kustomization = Read("kustomization");

        Assert.That(kustomization.TextsAt("resources").Select(file => File.Exists(Repository.PathTo($"deploy/kubernetes/{file}"))), Is.All.True);
        Assert.That(kustomization.ListAt("images").Single().TextAt("name"), Is.EqualTo(Read("serve").ListAt("spec.template.spec.containers").Single().TextAt("image")));
    }

    private static YamlMappingNode Read(string file) => Yaml.Read($"deploy/kubernetes/{file}.yaml");
}
