# SPDX-License-Identifier: Apache-2.0
"""Reads a TensorFlow Lite file into the Model of tflite_model: read_model("net.tflite").

Meant for well-formed files: a wrong one raises ValueError, IndexError or struct.error, nothing subtler.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

import tflite_schema as schema
from tflite_model import Model, Operator, Tensor

_FORMATS = {"int8": "<b", "uint8": "<B", "bool": "<?", "int32": "<i", "uint32": "<I", "int64": "<q",
            "uint64": "<Q", "float32": "<f"}


class _Table:
    """A FlatBuffers table: fields are looked up through its vtable."""

    def __init__(self, file, position):
        self.file = file
        self.position = position
        self.vtable = position - struct.unpack_from("<i", file, position)[0]
        self.vtable_size = struct.unpack_from("<H", file, self.vtable)[0]

    def _at(self, field_id):
        slot = 4 + 2 * field_id
        if slot >= self.vtable_size:
            return 0
        offset = struct.unpack_from("<H", self.file, self.vtable + slot)[0]
        return self.position + offset if offset else 0

    def _follow(self, field_id):
        at = self._at(field_id)
        return at + struct.unpack_from("<I", self.file, at)[0] if at else 0

    def scalar(self, field_id, kind, default=0):
        at = self._at(field_id)
        return struct.unpack_from(_FORMATS[kind], self.file, at)[0] if at else default

    def table(self, field_id):
        at = self._follow(field_id)
        return _Table(self.file, at) if at else None

    def vector(self, field_id, dtype):
        """The vector as an array; None where the field is absent."""
        at = self._follow(field_id)
        if not at:
            return None
        count = struct.unpack_from("<I", self.file, at)[0]
        return np.frombuffer(self.file, dtype, count, at + 4)

    def numbers(self, field_id, dtype):
        values = self.vector(field_id, dtype)
        return [] if values is None else values.tolist()

    def tables(self, field_id):
        at = self._follow(field_id)
        if not at:
            return []
        count = struct.unpack_from("<I", self.file, at)[0]
        slots = [at + 4 + 4 * i for i in range(count)]
        return [_Table(self.file, slot + struct.unpack_from("<I", self.file, slot)[0]) for slot in slots]

    def string(self, field_id):
        value = self.vector(field_id, np.uint8)
        return "" if value is None else value.tobytes().decode()


def read_model(path) -> Model:
    """The only subgraph of the file."""
    return from_bytes(Path(path).read_bytes())


def from_bytes(file: bytes) -> Model:
    if file[4:8] != schema.FILE_IDENTIFIER:
        raise ValueError(f"identifier is {file[4:8]!r}, expected {schema.FILE_IDENTIFIER!r}")
    root = _Table(file, struct.unpack_from("<I", file)[0])
    version = root.scalar(schema.Model.VERSION, "uint32")
    if version != schema.SCHEMA_VERSION:
        raise ValueError(f"schema version is {version}, expected {schema.SCHEMA_VERSION}")
    graphs = root.tables(schema.Model.SUBGRAPHS)
    if len(graphs) != 1:
        raise ValueError(f"the file has {len(graphs)} subgraphs, expected 1")
    graph = graphs[0]
    codes = [_operator_code(code) for code in root.tables(schema.Model.OPERATOR_CODES)]
    buffers = [buffer.vector(schema.Buffer.DATA, np.uint8) for buffer in root.tables(schema.Model.BUFFERS)]
    return Model(
        tensors=[_tensor(tensor, buffers) for tensor in graph.tables(schema.SubGraph.TENSORS)],
        operators=[_operator(operator, codes) for operator in graph.tables(schema.SubGraph.OPERATORS)],
        inputs=graph.numbers(schema.SubGraph.INPUTS, "<i4"),
        outputs=graph.numbers(schema.SubGraph.OUTPUTS, "<i4"),
        name=graph.string(schema.SubGraph.NAME),
        description=root.string(schema.Model.DESCRIPTION),
    )


def _operator_code(code):
    # Files older than the int32 field have 0 there; newer ones cap the int8 field at 127: the larger counts.
    number = max(code.scalar(schema.OperatorCode.DEPRECATED_BUILTIN_CODE, "int8"),
                 code.scalar(schema.OperatorCode.BUILTIN_CODE, "int32"))
    return (schema.name_of(schema.BUILTIN_OPERATORS, number),
            code.scalar(schema.OperatorCode.VERSION, "int32", 1),
            code.string(schema.OperatorCode.CUSTOM_CODE))


def _tensor(table, buffers):
    kind = schema.name_of(schema.TENSOR_TYPES, table.scalar(schema.Tensor.TYPE, "int8"))
    data = buffers[table.scalar(schema.Tensor.BUFFER, "uint32")]
    quantization = table.table(schema.Tensor.QUANTIZATION)
    tensor = Tensor(
        name=table.string(schema.Tensor.NAME),
        shape=table.numbers(schema.Tensor.SHAPE, "<i4"),
        type=kind,
        is_variable=table.scalar(schema.Tensor.IS_VARIABLE, "bool", False),
        sparse=table.table(schema.Tensor.SPARSITY) is not None,
        shape_signature=tuple(table.numbers(schema.Tensor.SHAPE_SIGNATURE, "<i4")),
        data=data.tobytes() if data is not None and data.size else None,
    )
    if quantization is not None:
        tensor.scale = tuple(quantization.numbers(schema.Quantization.SCALE, "<f4"))
        tensor.zero_point = tuple(quantization.numbers(schema.Quantization.ZERO_POINT, "<i8"))
        tensor.quantized_dimension = quantization.scalar(schema.Quantization.QUANTIZED_DIMENSION, "int32")
    if tensor.data is not None:
        tensor.data = tensor.array()
    return tensor


def _operator(table, codes):
    code, version, custom_code = codes[table.scalar(schema.Operator.OPCODE_INDEX, "uint32")]
    union_id = table.scalar(schema.Operator.OPTIONS_TYPE, "uint8")
    options_table = table.table(schema.Operator.OPTIONS)
    options = {} if union_id else None
    if options_table is not None and code in schema.OPTIONS and schema.OPTIONS[code][0] == union_id:
        for name, field in schema.OPTIONS[code][1].items():
            if field.kind.startswith("["):
                values = options_table.vector(field.id, "<i4")
                options[name] = None if values is None else values.tolist()
            elif field.kind in schema.ENUMS:
                numbers = schema.ENUMS[field.kind]
                options[name] = schema.name_of(
                    numbers, options_table.scalar(field.id, "int8", numbers[field.default]))
            else:
                options[name] = options_table.scalar(field.id, field.kind, field.default)
    return Operator(code, table.numbers(schema.Operator.INPUTS, "<i4"), table.numbers(schema.Operator.OUTPUTS, "<i4"),
                    options, version, custom_code)
