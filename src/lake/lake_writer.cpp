#include "lake/lake_writer.hpp"

#include <exception>

#include <arrow/api.h>
#include <arrow/io/interfaces.h>

#include "lake/columns.hpp"
#include "lake/parquet_file.hpp"

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
  [[nodiscard]] Error explain(const std::string& message) const {
    return error_.value_or(Error{ErrorCode::internal, "cannot write Parquet: " + message});
  }

 private:
  std::unique_ptr<storage::FileWriter> file_;
  std::optional<Error> error_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

struct LakeWriter::Parquet {
  std::shared_ptr<StoreStream> stream;
  std::unique_ptr<ParquetFile> file;
};

LakeWriter::LakeWriter(streams::TopicPartition where, Epoch epoch, const LakeWriterOptions& options)
    : where_(where),
      epoch_(epoch),
      options_(options),
      parquet_(std::make_unique<Parquet>()),
      pending_(where.partition) {}

LakeWriter::~LakeWriter() = default;

Result<std::unique_ptr<LakeWriter>> LakeWriter::create(storage::FileStore& store,
                                                       streams::TopicPartition where, Epoch epoch,
                                                       const LakeWriterOptions& options) {
  BB_ASSIGN_OR_RETURN(auto file, store.create());
  std::unique_ptr<LakeWriter> writer(new LakeWriter(where, epoch, options));
  auto& parquet = *writer->parquet_;
  parquet.stream = std::make_shared<StoreStream>(std::move(file));
  try {
    parquet.file = std::make_unique<ParquetFile>(parquet.stream, options.zstd_level);
  } catch (const std::exception& error) {
    return fail(parquet.stream->explain(error.what()));
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
    splitter_.split(record, row_);
    pending_.add(row_);
    const std::size_t size = record.key.size() + record.value.size() + record.detail.size();
    pending_bytes_ += size;
    bytes_ += size;
    ++rows_;
    if (pending_.rows() >= options_.row_group_rows || pending_bytes_ >= options_.row_group_bytes)
      BB_RETURN_IF_ERROR(write_row_group());
  }
  return ok();
}

Status LakeWriter::write_row_group() {
  if (pending_.rows() == 0) return ok();
  try {
    pending_.write(*parquet_->file);
  } catch (const std::exception& error) {
    return fail(parquet_->stream->explain(error.what()));
  }
  pending_.clear();
  pending_bytes_ = 0;
  batches_.clear();
  splitter_.clear();
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
    parquet_->file->close({{"bytebasket.lake", format_version}, {"bytebasket.file", file.path()}});
  } catch (const std::exception& error) {
    return fail(parquet_->stream->explain(error.what()));
  }
  BB_RETURN_IF_ERROR(parquet_->stream->file().publish(file.path()));
  return file;
}

}  // namespace bytebasket::lake
