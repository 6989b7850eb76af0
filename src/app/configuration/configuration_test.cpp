#include "app/configuration/configuration.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bytebasket::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

/// A configuration file that is gone after the test.
class ConfigurationTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::path(testing::TempDir()) /
            (std::string("bytebasket-") + info->name() + ".yml");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  Result<Configuration> load(const std::string& yaml,
                             const std::map<std::string, std::string>& environment = {},
                             const std::vector<SettingOverride>& overrides = {}) {
    std::ofstream(path_) << yaml;
    return load_configuration(path_, environment, overrides);
  }

  /// The lines of the error, without the folder of the file.
  std::vector<std::string> errors(const std::string& yaml,
                                  const std::map<std::string, std::string>& environment = {},
                                  const std::vector<SettingOverride>& overrides = {}) {
    const auto loaded = load(yaml, environment, overrides);
    if (loaded) return {};
    std::vector<std::string> lines;
    std::istringstream message(loaded.error().message);
    for (std::string line; std::getline(message, line);) {
      if (line.starts_with(path_.string())) line.replace(0, path_.string().size(), "shop.yml");
      lines.push_back(line);
    }
    return lines;
  }

  std::filesystem::path path_;
};

TEST_F(ConfigurationTest, WithoutAFileIsTheDefaultsWithTheDemoKeyOnLoopback) {
  const auto loaded = load_configuration(std::nullopt, {}, {});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->demo_write_key);
  schema::Settings expected;
  expected.write_keys["demo"] = {.name = "demo", .source = "web"};
  EXPECT_EQ(loaded->settings, expected);
}

TEST_F(ConfigurationTest, TheShippedDefaultFileIsTheDefaults) {
  const auto shipped = load_configuration(BYTEBASKET_SOURCE_DIR "/config/embedded.yml", {}, {});
  ASSERT_TRUE(shipped) << shipped.error().message;
  EXPECT_EQ(shipped->settings, load_configuration(std::nullopt, {}, {})->settings);
}

TEST_F(ConfigurationTest, ReadsEveryType) {
  const auto loaded = load(R"(
listen: {port: 9000, max_body: 1MiB}
processing:
  flush_interval: 2s
  atomic_flush: false
retention:
  metrics_1m: forever
streams:
  retention_bytes: unlimited
collector:
  cors_origins: [https://a.example, https://b.example]
write_keys:
  abc: {name: Website, source: web}
  def: {source: mobile}
)");
  ASSERT_TRUE(loaded) << loaded.error().message;
  const schema::Settings& settings = loaded->settings;
  EXPECT_EQ(settings.listen.port, 9000);
  EXPECT_EQ(settings.listen.max_body, 1U << 20);
  EXPECT_EQ(settings.processing.flush_interval, Milliseconds(2000));
  EXPECT_FALSE(settings.processing.atomic_flush);
  EXPECT_EQ(settings.retention.metrics_1m, Milliseconds::max());
  EXPECT_EQ(settings.streams.retention_bytes, UINT64_MAX);
  EXPECT_THAT(settings.collector.cors_origins,
              ElementsAre("https://a.example", "https://b.example"));
  EXPECT_EQ(settings.write_keys.at("abc"), (schema::WriteKey{.name = "Website", .source = "web"}));
  EXPECT_EQ(settings.write_keys.at("def"), (schema::WriteKey{.name = "", .source = "mobile"}));
  EXPECT_FALSE(loaded->demo_write_key);
}

TEST_F(ConfigurationTest, FlagsGoOverTheEnvironmentOverTheFile) {
  const auto loaded =
      load("listen: {port: 1, threads: 3}\nlog: {level: error}\nsessions: {gap: 10m}\n",
           {{"BYTEBASKET_LISTEN__PORT", "2"}, {"BYTEBASKET_LOG__LEVEL", "debug"}},
           {{"--port", "listen.port", "3"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->settings.listen.port, 3);
  EXPECT_EQ(loaded->settings.listen.threads, 3);
  EXPECT_EQ(loaded->settings.log.level, "debug");
  EXPECT_EQ(loaded->settings.sessions.gap, Milliseconds(600'000));
}

TEST_F(ConfigurationTest, TheEnvironmentGivesListsWithCommasAndMapsAsYaml) {
  const auto loaded =
      load_configuration(std::nullopt,
                         {{"BYTEBASKET_TOKENS__READ", "one,two"},
                          {"BYTEBASKET_WRITE_KEYS", "{abc: {name: Shop, source: cart}}"}},
                         {});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_THAT(loaded->settings.tokens.read, ElementsAre("one", "two"));
  EXPECT_EQ(loaded->settings.write_keys.at("abc").source, "cart");
}

TEST_F(ConfigurationTest, NamesEveryMistakeWithItsLineAndWhatIsAllowed) {
  EXPECT_THAT(
      errors(R"(listen:
  prot: 80
  port: 99999
lsten:
  port: 80
log:
  format: xml
processing:
  flush_interval: fast
  atomic_flush: yes
write_keys:
  abc:
    source: web
    nam: x
  def: {source: shop}
storage: large
service:
  roles: [collect, bake]
)"),
      ElementsAre(
          "shop.yml:2: unknown setting 'listen.prot', did you mean 'port'?",
          "shop.yml:3: listen.port: '99999' is not allowed: an integer, from 0 to 65535",
          "shop.yml:4: unknown section 'lsten', did you mean 'listen'?",
          "shop.yml:7: log.format: 'xml' is not allowed: one of text, json",
          "shop.yml:9: processing.flush_interval: 'fast' is not allowed: a duration such "
          "as 250ms, 30s, "
          "5m, 1h, 14d or forever, from 1ms to 1h",
          "shop.yml:10: processing.atomic_flush: 'yes' is not allowed: true or false",
          "shop.yml:14: write_keys.abc: unknown field 'nam', did you mean 'name'?",
          "shop.yml:15: write_keys.def.source: 'shop' is not allowed: one of web, mobile, "
          "cart, orders, server",
          "shop.yml:16: storage: expected its settings under it, such as `engine: …`",
          "shop.yml:18: service.roles: 'bake' is not allowed: a list of collect, process, archive, "
          "serve"));
}

TEST_F(ConfigurationTest, AnEngineThatIsNotBuiltInIsRefusedWithTheReason) {
  EXPECT_THAT(errors("streams: {engine: pulsar}"),
              ElementsAre("shop.yml:1: streams.engine: 'pulsar' is not allowed: one of embedded, "
                          "kafka (kafka needs a program built with BYTEBASKET_KAFKA)"));
}

TEST_F(ConfigurationTest, MistakesOfFlagsAndEnvironmentAreNamedByFlagAndVariable) {
  EXPECT_THAT(errors("",
                     {{"BYTEBASKET_LISTEN__PROT", "1"},
                      {"BYTEBASKET_LISTEN_PORT", "1"},
                      {"BYTEBASKET_CRASH_AT", "x:1"}},
                     {{"--listen", "listen.port", "http"}}),
              UnorderedElementsAre(
                  "BYTEBASKET_LISTEN__PROT: no setting has this name, did you mean "
                  "'BYTEBASKET_LISTEN__PORT'?",
                  "BYTEBASKET_LISTEN_PORT: no setting has this name, did you mean "
                  "'BYTEBASKET_LISTEN__PORT'?",
                  "--listen: listen.port: 'http' is not allowed: an integer, from 0 to 65535"));
}

TEST_F(ConfigurationTest, ASettingGivenTwiceIsAMistake) {
  EXPECT_THAT(
      errors("log:\n  level: info\n  level: warn\n"),
      ElementsAre("shop.yml:3: log.level is given twice, first at " + path_.string() + ":2"));
}

TEST_F(ConfigurationTest, BeyondLoopbackKeysAndTokensMustBeGiven) {
  EXPECT_THAT(
      errors("listen:\n  address: 0.0.0.0\n"),
      ElementsAre(AllOf(HasSubstr("shop.yml:2: write_keys"), HasSubstr("who may send events")),
                  HasSubstr("shop.yml:2: tokens.read"), HasSubstr("shop.yml:2: tokens.change")));
  EXPECT_TRUE(
      load("listen: {address: 0.0.0.0}\nwrite_keys: {k: {name: Shop}}\ntokens: {read: [r], change: "
           "[c]}\n"));
}

TEST_F(ConfigurationTest, AnEventMayNotBeLargerThanABatch) {
  EXPECT_THAT(errors("collector: {max_batch_bytes: 1KiB}"),
              ElementsAre("default of collector.max_event_bytes: collector.max_event_bytes: 32768 "
                          "is not allowed: at most "
                          "collector.max_batch_bytes, 1024"));
}

TEST_F(ConfigurationTest, ABodyMayNotBeLargerThanAllThatMayBeHeld) {
  EXPECT_THAT(errors("listen: {max_body: 2MiB, max_held_bodies: 1MiB}"),
              ElementsAre("shop.yml:1: listen.max_body: 2097152 is not allowed: at most "
                          "listen.max_held_bodies, 1048576"));
}

TEST_F(ConfigurationTest, WhatIsNotYamlIsNamedWithItsLine) {
  EXPECT_THAT(errors("log:\n  level: [info\n"), ElementsAre(HasSubstr("not valid YAML")));
  EXPECT_THAT(errors("just text"), ElementsAre(HasSubstr("shop.yml:1: expected sections")));
  EXPECT_THAT(errors("log: {level: [[[[[[[[[[[[x]]]]]]]]]]]]}"),
              ElementsAre(HasSubstr("nested deeper")));
}

TEST_F(ConfigurationTest, AMissingFileIsSaid) {
  const auto loaded = load_configuration(path_, {}, {});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("cannot be read"));
}

TEST(Loopback, IsWhatOnlyThisMachineReaches) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.8.9.1"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_TRUE(is_loopback("localhost"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("::"));
  EXPECT_FALSE(is_loopback("192.168.0.1"));
  EXPECT_FALSE(is_loopback("127.evil.example"));
}

}  // namespace
}  // namespace bytebasket::app
