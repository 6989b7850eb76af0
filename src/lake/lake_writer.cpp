#include "lake/lake_writer.hpp"

#include <exception>

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <parquet/arrow/writer.h>

#include "lake/columns.hpp"

namespace bytebasket::lake {
namespace {

/// Arrow's way into a file of the store. Keeps the store's error, which says more than Arrow's.
class StoreStream final : public arrow::io::OutputStream {
 public:
  explicit StoreStream(std::unique_ptr<storage::FileWriter> file) : file_(std::move(file)) {}

  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, std::int64_t size) override {
    const auto length = static_cast<std::size_t>(size);
    const Status written = file_->write({static_cast<const char*>(data), length});
    if (!written) {
      error_ = written.error();
      return arrow::Status::IOError(error_->message);
    }
    position_ += size;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }

  [[nodiscard]] storage::FileWriter& file() { return *file_; }
  [[nodiscard]] Error explain(const arrow::Status& status) const {
    return error_.value_or(
        Error{ErrorCode::internal, "cannot write Parquet: " + status.ToString()});
  }

 private:
  std::unique_ptr<storage::FileWriter> file_;
  std::optional<Error> error_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

std::shared_ptr<parquet::WriterProperties> properties(const LakeWriterOptions& options) {
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::ZSTD);
  builder.compression_level(options.zstd_level);
  builder.created_by("ByteBasket");
  for (const std::string& column : columns_of_unique_values()) builder.disable_dictionary(column);
  // Statistics of documents help nobody, and their bytes stand in every footer.
  for (const char* column : {"properties", "rest", "raw_key", "raw_value", "raw_detail"})
    builder.disable_statistics(column);
  return builder.build();
}

}  // namespace

struct LakeWriter::Parquet {
  std::shared_ptr<StoreStream> stream;
  std::unique_ptr<parquet::arrow::FileWriter> writer;
};

LakeWriter::LakeWriter(streams::TopicPartition where, Epoch epoch, const LakeWriterOptions& options)
    : where_(where), epoch_(epoch), options_(options), parquet_(std::make_unique<Parquet>()) {}

LakeWriter::~LakeWriter() {
  try {
    if (parquet_->writer) static_cast<void>(parquet_->writer->Close());
  } catch (
      const std::exception&) {  // NOLINT(bugprone-empty-catch): the file goes away with its stream
  }
}

Result<std::unique_ptr<LakeWriter>> LakeWriter::create(storage::FileStore& store,
                                                       streams::TopicPartition where, Epoch epoch,
                                                       const LakeWriterOptions& options) {
  BB_ASSIGN_OR_RETURN(auto file, store.create());
  std::unique_ptr<LakeWriter> writer(new LakeWriter(where, epoch, options));
  auto& parquet = *writer->parquet_;
  parquet.stream = std::make_shared<StoreStream>(std::move(file));
  try {
    auto opened = parquet::arrow::FileWriter::Open(*lake_schema(), arrow::default_memory_pool(),
                                                   parquet.stream, properties(options));
    if (!opened.ok()) return fail(parquet.stream->explain(opened.status()));
    parquet.writer = std::move(*opened);
  } catch (const std::exception& error) {
    return fail(parquet.stream->explain(arrow::Status::UnknownError(error.what())));
  }
  return writer;
}

Status LakeWriter::add(const std::shared_ptr<const streams::RecordBatch>& batch, std::size_t begin,
                       std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const streams::Record& record = batch->records()[i];
    if (batches_.empty() || batches_.back() != batch) batches_.push_back(batch);
    if (rows_ == 0) first_ = record.offset;
    last_ = record.offset;
    pending_.push_back(splitter_.split(record));
    const std::size_t size = record.key.size() + record.value.size() + record.detail.size();
    pending_bytes_ += size;
    bytes_ += size;
    ++rows_;
    if (pending_.size() >= options_.row_group_rows || pending_bytes_ >= options_.row_group_bytes)
      BB_RETURN_IF_ERROR(write_row_group());
  }
  return ok();
}

Status LakeWriter::write_row_group() {
  if (pending_.empty()) return ok();
  BB_ASSIGN_OR_RETURN(const auto columns, to_columns(where_.partition, pending_));
  pending_.clear();
  pending_bytes_ = 0;
  batches_.clear();
  splitter_.clear();
  try {
    const auto table = arrow::Table::FromRecordBatches({columns});
    const auto status =
        table.ok() ? parquet_->writer->WriteTable(**table, columns->num_rows()) : table.status();
    if (!status.ok()) return fail(parquet_->stream->explain(status));
  } catch (const std::exception& error) {
    return fail(parquet_->stream->explain(arrow::Status::UnknownError(error.what())));
  }
  return ok();
}

Result<LakeFile> LakeWriter::publish(Timestamp hour) {
  BB_RETURN_IF_ERROR(write_row_group());
  const LakeFile file{.stream = where_.stream,
                      .hour = hour,
                      .epoch = epoch_,
                      .partition = where_.partition,
                      .first = first_,
                      .last = last_};
  try {
    auto status = parquet_->writer->AddKeyValueMetadata(arrow::key_value_metadata(
        {"bytebasket.lake", "bytebasket.file"}, {format_version, file.path()}));
    if (status.ok()) status = parquet_->writer->Close();
    if (!status.ok()) return fail(parquet_->stream->explain(status));
  } catch (const std::exception& error) {
    return fail(parquet_->stream->explain(arrow::Status::UnknownError(error.what())));
  }
  BB_RETURN_IF_ERROR(parquet_->stream->file().publish(file.path()));
  return file;
}

}  // namespace bytebasket::lake
