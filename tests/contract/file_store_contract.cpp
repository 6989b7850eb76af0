#include "contract/file_store_contract.hpp"

#include <atomic>
#include <numeric>
#include <thread>

#include "base/time.hpp"

namespace bytebasket::storage {
namespace {

TEST_P(FileStoreContract, APublishedFileIsReadBackWholeAndInPieces) {
  std::string bytes(300'000, '\0');
  std::iota(bytes.begin(), bytes.end(), '\0');
  put("a/b=1/file", bytes);
  EXPECT_EQ(get("a/b=1/file"), bytes);
  EXPECT_EQ(files().read("a/b=1/file", 100'000, 50'000).value(), bytes.substr(100'000, 50'000));
  EXPECT_EQ(files().read("a/b=1/file", 299'990, 50'000).value(), bytes.substr(299'990));
  EXPECT_EQ(files().read("a/b=1/file", 300'000, 10).value(), "");
  EXPECT_EQ(files().read("a/b=1/file", 400'000, 10).value(), "");
  EXPECT_EQ(files().read("a/b=1/file", 5, 0).value(), "");
  EXPECT_EQ(files().size("a/b=1/file").value(), bytes.size());
}

TEST_P(FileStoreContract, AFileMayBeEmpty) {
  put("empty", "");
  EXPECT_EQ(get("empty"), "");
  EXPECT_EQ(files().size("empty").value(), 0U);
}

TEST_P(FileStoreContract, AFileWrittenInManyPiecesIsTheirSum) {
  auto writer = files().create();
  ASSERT_TRUE(writer);
  std::string all;
  for (int i = 0; i < 40; ++i) {
    const std::string piece(100'003, static_cast<char>('a' + i % 26));
    ASSERT_TRUE((*writer)->write(piece));
    all += piece;
  }
  ASSERT_TRUE((*writer)->publish("many/pieces"));
  EXPECT_TRUE(get("many/pieces") == all);
}

TEST_P(FileStoreContract, NothingIsSeenOfAFileBeforeItIsPublished) {
  auto writer = files().create();
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->write("half"));
  EXPECT_TRUE(list("").empty());
  EXPECT_EQ(files().read("late", 0, 10).error().code, ErrorCode::not_found);
  ASSERT_TRUE((*writer)->publish("late"));
  EXPECT_EQ(get("late"), "half");
}

TEST_P(FileStoreContract, NothingIsLeftOfAFileThatIsNotPublished) {
  {
    auto writer = files().create();
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write("gone"));
  }
  EXPECT_TRUE(list("").empty());
  EXPECT_EQ(files().remove_abandoned(SystemClock().now() + std::chrono::hours(24)).value(), 0U);
}

TEST_P(FileStoreContract, AFileIsPublishedOnceAndNeverOverwritten) {
  put("once", "first");
  const Status again = publish_file(files(), "once", "second");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::already_exists);
  EXPECT_EQ(get("once"), "first");
}

TEST_P(FileStoreContract, OfManyThatPublishOneNameOneSucceeds) {
  std::atomic<int> published = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([this, i, &published, &refused] {
      const auto store = another();
      const Status done =
          publish_file(*store, "race/file", std::string(1000, static_cast<char>('0' + i)));
      if (done) ++published;
      if (!done && done.error().code == ErrorCode::already_exists) ++refused;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(published, 1);
  EXPECT_EQ(refused, 5);
  const std::string bytes = get("race/file");
  EXPECT_EQ(bytes, std::string(1000, bytes.at(0)));
}

TEST_P(FileStoreContract, AFolderListsWhatStandsInItByName) {
  put("s/date=2026-11-22/hour=10/b", "22");
  put("s/date=2026-11-22/hour=10/a", "1");
  put("s/date=2026-11-22/hour=09/c", "333");
  EXPECT_EQ(list("s"), (std::vector<FileEntry>{{"date=2026-11-22", true, 0}}));
  EXPECT_EQ(list("s/date=2026-11-22"),
            (std::vector<FileEntry>{{"hour=09", true, 0}, {"hour=10", true, 0}}));
  EXPECT_EQ(list("s/date=2026-11-22/hour=10"),
            (std::vector<FileEntry>{{"a", false, 1}, {"b", false, 2}}));
  EXPECT_TRUE(list("s/date=2026-11-23").empty());
}

TEST_P(FileStoreContract, AFolderOfManyFilesIsListedWhole) {
  std::vector<FileEntry> wanted;
  for (int i = 0; i < 120; ++i) {
    const std::string name = "file-" + std::to_string(1000 + i);
    put("many/" + name, "x");
    wanted.push_back({name, false, 1});
  }
  EXPECT_EQ(list("many"), wanted);
}

TEST_P(FileStoreContract, RemovingTakesAFileOrAWholeFolderAndNothingElse) {
  put("d/one/a", "1");
  put("d/one/b", "2");
  put("d/two/c", "3");
  ASSERT_TRUE(files().remove("d/one/a"));
  EXPECT_EQ(list("d/one"), (std::vector<FileEntry>{{"b", false, 1}}));
  ASSERT_TRUE(files().remove("d/one"));
  EXPECT_EQ(list("d"), (std::vector<FileEntry>{{"two", true, 0}}));
  EXPECT_EQ(get("d/two/c"), "3");
  EXPECT_TRUE(files().remove("d/one"));
  EXPECT_TRUE(files().remove("never/was"));
}

TEST_P(FileStoreContract, ARemovedNameMayBePublishedAgain) {
  put("again", "1");
  ASSERT_TRUE(files().remove("again"));
  put("again", "2");
  EXPECT_EQ(get("again"), "2");
}

TEST_P(FileStoreContract, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(files().read("no/file", 0, 1).error().code, ErrorCode::not_found);
  EXPECT_EQ(files().size("no/file").error().code, ErrorCode::not_found);
}

TEST_P(FileStoreContract, PathsStayInsideTheStore) {
  for (const char* path : {"", "/a", "a//b", "../a", "a/..", ".aside/x", "a/.b", "a\nb", "a/"}) {
    EXPECT_EQ(publish_file(files(), path, "x").error().code, ErrorCode::invalid_argument) << path;
    EXPECT_EQ(files().remove(path).error().code, ErrorCode::invalid_argument) << path;
    EXPECT_EQ(files().read(path, 0, 1).error().code, ErrorCode::invalid_argument) << path;
  }
}

TEST_P(FileStoreContract, NamesMayHoldWhatAddressesEscape) {
  const std::string path = "stream.dlq/date=2026-11-22/a b%20c+d&e=f?g#h ü";
  put(path, "odd");
  EXPECT_EQ(get(path), "odd");
  EXPECT_EQ(list("stream.dlq/date=2026-11-22"),
            (std::vector<FileEntry>{{"a b%20c+d&e=f?g#h ü", false, 3}}));
  EXPECT_TRUE(files().remove(path));
}

TEST_P(FileStoreContract, AnotherThatOpensItSeesWhatWasPublished) {
  put("shared", "bytes");
  const auto store = another();
  EXPECT_EQ(store->read("shared", 0, 100).value(), "bytes");
}

TEST_P(FileStoreContract, WhatADeadProcessBeganIsRemovedAfterAWhile) {
  auto writer = files().create();
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->write("begun"));
  const Timestamp now = SystemClock().now();
  const auto store = another();
  EXPECT_EQ(store->remove_abandoned(now - std::chrono::hours(24)).value(), 0U);
  // Whether the bytes have left the writer's memory yet is the engine's affair.
  EXPECT_LE(store->remove_abandoned(now + std::chrono::hours(24)).value(), 1U);
  EXPECT_TRUE(list("").empty());
}

}  // namespace
}  // namespace bytebasket::storage
